// Whole blocks in a file, framed like a node's blk*.dat: magic, size (4 bytes, little-endian), block. For the
// local chain, which has nobody else to ask. A block is checked by its merkle root when it is read and when
// it is written.
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
    // Reads through the file once. In a locked directory a torn end is cut off; other damage is passed over,
    // named, and left where it is.
    static Result<BlockStore> open(const NetworkDir& dir);

    [[nodiscard]] bool contains(const Hash256& hash) const { return places_.contains(hash); }
    [[nodiscard]] std::size_t size() const { return places_.size(); }
    [[nodiscard]] const std::vector<Hash256>& order() const { return order_; }  // as they lie in the file
    // Nothing where it was never stored.
    [[nodiscard]] Result<std::optional<std::vector<std::uint8_t>>> read(const Hash256& hash) const;
    // Returns when it is on disk. A block that is here already is not written again. Refused where its merkle
    // root is not its header's.
    [[nodiscard]] std::optional<Error> append(std::span<const std::uint8_t> block);

    [[nodiscard]] const std::vector<std::string>& remarks() const { return remarks_; }
    [[nodiscard]] bool damaged() const { return damaged_; }  // more than a torn end

 private:
    struct Place {
        std::uint64_t offset = 0;  // of the block, after its frame
        std::uint32_t size = 0;
    };
    explicit BlockStore(const NetworkDir& dir) : network_(&dir.network()), path_(dir.file("blocks.dat")) {}
    struct Found {
        Place place;
        Hash256 hash;
        std::string fault;  // empty: a good block
        bool torn = false;  // the file ends within it
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
