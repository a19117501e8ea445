// Serves our chain to a peer: headers, whole blocks, and announcements.
#pragma once

#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "p2p/session_context.h"

namespace lode::p2p {

class Serving {
 public:
    explicit Serving(SessionContext& context) : context_(context) {}

    void answer(const GetHeaders& request);
    // Queues a request; next() answers it.
    void answer(const GetData& request);
    // The next requested block, read only now, and after the last one a 'notfound' for missing ones. So
    // memory is bounded however much is requested.
    [[nodiscard]] std::optional<Message> next();

    // The peer wants new blocks announced by headers (BIP 130).
    void announce_by_headers() { by_headers_ = true; }
    // Announces the new last headers of our best chain, oldest first; at least one.
    void announce(std::span<const BlockHeader> headers);

 private:
    static constexpr std::size_t kMaxRequested = 128;  // unanswered items; lode itself requests 16 blocks
    static constexpr std::size_t kMaxAnnounced = 8;    // headers, as Bitcoin Core; the peer requests the rest

    SessionContext& context_;
    std::deque<InventoryItem> requested_;
    std::vector<InventoryItem> missing_;
    bool by_headers_ = false;
};

}  // namespace lode::p2p
