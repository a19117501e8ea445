// The headers of a network in a file, in the order in which the tracker accepted them, branches included.
// Records of 84 bytes: the header and the first four bytes of its hash, which are a checksum that costs
// nothing: on regtest half of all damage would still pass for proof of work. Before them 64 bytes that say
// where the chain begins. Whatever append() has acknowledged is on disk.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "chain/data_dir.h"
#include "chain/file.h"
#include "chain/tracker.h"

namespace lode::chain {

inline constexpr std::size_t kStorePrologue =
    64;  // "LODEHDR1", name (12), height (4), work (32), checksum, zeros
inline constexpr std::size_t kStoreRecord = 84;

// What the first bytes of a store say; nothing where they are not such or damaged.
struct StorePrologue {
    std::string network;
    std::int64_t height = 0;
    Uint256 work;
};
std::array<std::uint8_t, kStorePrologue> write_prologue(const StorePrologue& prologue);
std::optional<StorePrologue> read_prologue(std::span<const std::uint8_t, kStorePrologue> raw);

class HeaderStore {
 public:
    using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;  // records

    // In a locked directory: creates the file where there is none, beginning at the anchor (genesis where
    // none is given), and mends damage: what is bad is kept aside in a copy, what is good stays. In a
    // directory that is only viewed: changes nothing; no file is a chain of just genesis. A given anchor must
    // be the one of the file, or the file hold nothing but genesis: then it begins anew there.
    static Result<HeaderStore> open(const NetworkDir& dir, const std::optional<Anchor>& anchor = std::nullopt,
                                    const Progress& progress = {});

    // Everything that was read, checked by every rule but the future limit. Take it once.
    [[nodiscard]] ChainTracker take_tracker() { return std::move(*tracker_); }
    // Damage and what was done about it, a line each; empty when all was well.
    [[nodiscard]] const std::vector<std::string>& remarks() const { return remarks_; }
    [[nodiscard]] bool damaged() const { return damaged_; }  // more than a torn end

    // Writes what the tracker (the one that was taken) has got since the last call, and returns when it is on
    // disk. After an Error the file is as before, and the next call tries again.
    [[nodiscard]] std::optional<Error> append(const ChainTracker& tracker);
    [[nodiscard]] Index stored() const { return stored_; }  // headers on disk
    [[nodiscard]] const std::string& path() const { return path_; }

 private:
    explicit HeaderStore(const NetworkDir& dir) : network_(&dir.network()), path_(dir.file("headers.dat")) {}
    std::optional<Error> read(const Progress& progress);
    Result<StorePrologue> read_start();
    void begin(const Anchor& anchor);
    std::optional<std::string> read_record(std::uint64_t number, std::span<std::uint8_t, kStoreRecord> raw,
                                           const StorePrologue& prologue);
    std::optional<Error> mend(std::uint64_t size);
    std::optional<Error> rewrite();

    const Network* network_;
    std::string path_;
    std::optional<File> file_;
    std::optional<ChainTracker> tracker_;
    std::vector<std::string> remarks_;
    bool damaged_ = false;
    int heals_left_ = 100;  // records worth the trouble of healing
    Index stored_ = 0;
};

}  // namespace lode::chain
