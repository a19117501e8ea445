// The headers of a network in a file, in the order in which the tracker accepted them, branches included.
// A 64-byte prologue says where the chain begins; records of 84 bytes follow: the header and the first four
// bytes of its hash as a checksum (on regtest, half of all corrupted headers still have proof of work).
// Whatever append() or sync() has acknowledged is on disk.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chain/data_dir.h"
#include "chain/file.h"
#include "chain/tracker.h"

namespace lode::chain {

inline constexpr std::string_view kStoreMagic = "LODEHDR1";
// The magic, name (12), height (4), work (32), checksum, zeros.
inline constexpr std::size_t kStorePrologue = 64;
inline constexpr std::size_t kStoreRecord = 84;

// Parses the first bytes of a store; nullopt if they are damaged or not a prologue.
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

    // In a locked directory: creates the file if missing, and repairs damage: the damaged file is kept under
    // another name, its good records stay. In a directory opened for viewing: changes nothing; a missing file
    // is a chain of only genesis. A given anchor must match the file's, unless the file has only genesis:
    // then the first write() starts a new file at the anchor.
    static Result<HeaderStore> open(const NetworkDir& dir, const std::optional<Anchor>& anchor = std::nullopt,
                                    const Progress& progress = {});

    // The headers read, checked by every rule except the future limit. To be called once.
    [[nodiscard]] ChainTracker take_tracker() { return std::move(*tracker_); }
    // Damage found and repairs made, one line each; empty if there was none.
    [[nodiscard]] const std::vector<std::string>& remarks() const { return remarks_; }
    [[nodiscard]] bool damaged() const { return damaged_; }  // more than an incomplete end

    // Writes the headers added to the tracker (the one from take()) since the last call. After an Error the
    // file is unchanged, and the next call tries again.
    [[nodiscard]] std::optional<Error> write(const ChainTracker& tracker);
    // Returns when everything written is on disk. Any thread, also during a write().
    [[nodiscard]] std::optional<Error> sync() const;
    [[nodiscard]] std::optional<Error> append(const ChainTracker& tracker);  // write and sync
    [[nodiscard]] Index stored() const {
        return stored_;
    }  // headers written; 0: the next write() starts a new file
    [[nodiscard]] const std::string& path() const { return path_; }

 private:
    explicit HeaderStore(const NetworkDir& dir) : network_(&dir.network()), path_(dir.file("headers.dat")) {}
    std::optional<Error> read(const Progress& progress);
    Result<StorePrologue> read_start();
    void begin(const Anchor& anchor);
    void leave_unwritten();
    std::optional<std::string> read_record(std::uint64_t number, std::span<std::uint8_t, kStoreRecord> raw,
                                           Hash256 hash, const StorePrologue& prologue);
    std::optional<Error> repair(std::uint64_t size);
    std::optional<Error> rewrite(const ChainTracker& tracker);

    const Network* network_;
    std::string path_;
    std::optional<File> file_;
    std::optional<ChainTracker> tracker_;
    std::vector<std::string> remarks_;
    bool damaged_ = false;
    bool unwritten_ = false;  // the next write() starts a new file
    int repairs_left_ = 100;  // attempts, about 20,000 hashes each
    Index stored_ = 0;
};

}  // namespace lode::chain
