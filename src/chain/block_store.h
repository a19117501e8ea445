// Whole blocks in a file, framed like a node's blk*.dat: magic, size (4 bytes, little-endian), block. For the
// local chain, whose blocks no node stores. The merkle root of a block is checked when it is read and
// written.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "chain/block.h"
#include "chain/data_dir.h"
#include "chain/file.h"

namespace lode::chain {

class BlockStore {
 public:
    // Reads through the file once. In a locked directory an incomplete end is cut off; other damage is
    // reported, skipped and left in the file.
    static Result<BlockStore> open(const NetworkDir& dir);

    [[nodiscard]] bool contains(const Hash256& hash) const { return places_.contains(hash); }
    [[nodiscard]] std::size_t size() const { return places_.size(); }
    [[nodiscard]] const std::vector<Hash256>& order() const { return order_; }  // in file order
    // nullopt if it is not stored.
    [[nodiscard]] Result<std::optional<std::vector<std::uint8_t>>> read(const Hash256& hash) const;
    // Does nothing if the block is stored already. An error if its merkle root is not its header's.
    [[nodiscard]] std::optional<Error> write(std::span<const std::uint8_t> block);
    // Returns when everything written is on disk. Any thread, also during a write().
    [[nodiscard]] std::optional<Error> sync() const;
    [[nodiscard]] std::optional<Error> append(std::span<const std::uint8_t> block);  // write and sync

    [[nodiscard]] const std::vector<std::string>& remarks() const { return remarks_; }
    [[nodiscard]] bool damaged() const { return damaged_; }  // more than an incomplete end

 private:
    struct Place {
        std::uint64_t offset = 0;  // of the block, after its frame
        std::uint32_t size = 0;
    };
    explicit BlockStore(const NetworkDir& dir) : network_(&dir.network()), path_(dir.file("blocks.dat")) {}
    struct Found {
        Place place;
        Hash256 hash;
        std::string fault;        // empty: a good block
        bool incomplete = false;  // the file ends within it
    };
    std::optional<Error> scan(bool writable);
    Result<Found> block_at(std::uint64_t offset, std::uint64_t size) const;
    Result<std::uint64_t> next_magic(std::uint64_t offset, std::uint64_t size) const;

    const Network* network_;
    std::string path_;
    std::optional<File> file_;
    std::unordered_map<Hash256, Place> places_;
    std::vector<Hash256> order_;
    std::vector<std::string> remarks_;
    bool damaged_ = false;
    bool writable_ = false;
    std::uint64_t end_ = 0;  // where the next block goes
};

}  // namespace lode::chain
