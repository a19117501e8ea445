// Found blocks that no node has accepted or refused yet: one file per block in <data_dir>/blocks-pending,
// complete before the block is sent. Each outcome is a line in <data_dir>/blocks.log.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "chain/file.h"
#include "lode/header.h"
#include "lode/result.h"
#include "net/disk_thread.h"

namespace lode::source::node {

struct PendingBlock {
    std::string network;  // "main", ...: never sent to a node of another network
    std::string node;     // URL without credentials; informational, as a block may be sent to any node
    std::int64_t height = 0;
    Hash256 hash;
    std::int64_t found = 0;  // seconds since 1970
    std::string hex;         // the whole block
};

// Why no block is lost although it is sent before its entry is synced: when add() returns, the entry is
// complete, under its final name and in the kernel's page cache, so it survives any end of this process, kill
// -9 included. Only a power cut or kernel crash before the sync completes can lose it. A block held back for
// the sync would exist nowhere else; one sent meanwhile is at the node as well. So sending first never loses
// a block that sending later would keep.
//
// Used on the io thread; syncs on the disk thread, which must outlive this.
class Journal {
 public:
    Journal(std::filesystem::path data_dir, net::DiskThread& disk);

    // Writes the entry. synced is called, never from inside the call, when it is on disk, or with an error;
    // not if this returns an Error (Storage).
    Result<void> add(const PendingBlock& block, net::DiskSync::Done synced);
    // The entries left by this and earlier processes. A damaged one is renamed to *.damaged and named in
    // `errors`; one that was written but not yet renamed is included.
    std::vector<PendingBlock> load(std::vector<std::string>& errors);
    // Records the final outcome: "accepted", "stale", "refused: ...". A refused block is kept for
    // inspection in blocks-refused. Not synced: an entry that comes back after a power cut is submitted
    // again.
    Result<void> resolve(const PendingBlock& block, const std::string& outcome, bool keep);

 private:
    Result<chain::File> write_entry(const PendingBlock& block);
    net::DiskSync::Task sync_written();
    void adopt_drafts();
    [[nodiscard]] std::filesystem::path folder() const { return dir_ / "blocks-pending"; }

    std::filesystem::path dir_;
    std::vector<std::shared_ptr<const chain::File>> unsynced_;
    net::DiskSync sync_;
};

}  // namespace lode::source::node
