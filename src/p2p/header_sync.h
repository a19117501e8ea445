// Follows the headers of one peer: requests and checks them, and stores branches with enough work. With whole
// blocks, a header is stored together with its block, which BlockFetch downloads.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "p2p/block_fetch.h"
#include "p2p/branch_limits.h"
#include "p2p/presync.h"
#include "p2p/session_context.h"

namespace lode::p2p {

class HeaderSync {
 public:
    // Context and blocks must outlive this.
    HeaderSync(SessionContext& context, BlockFetch& blocks, Now now)
        : context_(context), blocks_(blocks), limits_(now.steady) {}

    // Requests headers that we lack; after the pending answer, if there is one.
    void request(Now now);
    void receive(const Headers& m, Now now);
    void receive(const Inventory& m, Now now);
    void receive(BlockFetch::Progress progress, Now now);
    // claims_more: by its version the peer has more blocks than we do.
    void tick(Now now, bool claims_more);

    // We have all headers that the peer has.
    [[nodiscard]] bool synced() const { return synced_ && !context_.drop; }
    [[nodiscard]] bool waiting() const { return requested_.has_value(); }        // for an answer
    [[nodiscard]] std::chrono::milliseconds time_limit(bool claims_more) const;  // of an answer
    // The newest header that the peer sent.
    [[nodiscard]] const Hash256& peer_tip() const { return peer_tip_; }

 private:
    struct Batch {  // the headers of a message, with the hash of each
        std::span<const BlockHeader> headers;
        std::span<const Hash256> hashes;
        bool full = false;  // the maximum per message: there may be more
    };

    [[nodiscard]] bool is_announcement(const Headers& m) const;
    std::optional<std::vector<Hash256>> check(std::span<const BlockHeader> headers);
    void place(Batch batch, Now now);
    void presync(const Batch& batch, Now now);
    void store(const Batch& batch, const Chain::Place& end, Now now);
    void not_connected(Now now);
    void low_work(Now now);
    void request_after(const Hash256& last, Now now);
    void send_request(std::vector<Hash256> locator, Now now);
    void caught_up(Now now);

    SessionContext& context_;
    BlockFetch& blocks_;
    BranchLimits limits_;
    Hash256 peer_tip_;
    bool synced_ = false;

    // The pending request: when it was sent, and its locator.
    std::optional<std::chrono::milliseconds> requested_;
    std::vector<Hash256> locator_;
    std::chrono::milliseconds next_poll_{};
    bool request_later_ = false;         // an announcement came while an answer was pending
    bool request_after_blocks_ = false;  // the last message was full
    Hash256 continued_;                  // more headers were last requested after this one
    std::optional<Presync> presync_;     // of a long branch
};

}  // namespace lode::p2p
