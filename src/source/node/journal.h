// Blocks that were found and that no node has yet taken or refused: one file a block in
// <data_dir>/blocks-pending, on the disk before the block is sent. What became of each is a line in
// <data_dir>/blocks.log.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "lode/header.h"
#include "lode/result.h"

namespace lode::source::node {

struct PendingBlock {
    std::string network;  // "main", ...: never sent to a node of another
    std::string node;     // URL without credentials; for people, as a block is welcome at any node
    std::int64_t height = 0;
    Hash256 hash;
    std::int64_t found = 0;  // seconds since 1970
    std::string hex;         // the whole block
};

class Journal {
 public:
    explicit Journal(std::filesystem::path data_dir) : dir_(std::move(data_dir)) {}

    // Returns when the block is on the disk. Storage error otherwise.
    Result<void> add(const PendingBlock& block);
    // The entries left by this and earlier processes. A damaged one is set aside (renamed to *.damaged) and
    // named in `complaints`; one that was written but not yet renamed counts.
    std::vector<PendingBlock> load(std::vector<std::string>& complaints);
    // The outcome is known for good: "accepted", "stale", "refused: ...". A refused block is kept for
    // inspection in blocks-refused.
    Result<void> resolve(const PendingBlock& block, const std::string& outcome, bool keep);

 private:
    void adopt_drafts();
    [[nodiscard]] std::filesystem::path folder() const { return dir_ / "blocks-pending"; }

    std::filesystem::path dir_;
};

}  // namespace lode::source::node
