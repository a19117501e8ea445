#include "p2p/serving.h"

#include <utility>

#include <fmt/core.h>

namespace lode::p2p {

void Serving::answer(const GetHeaders& request) {
    context_.send(Headers{context_.chain.after(request.locator, request.stop, kMaxHeaders)});
}

void Serving::answer(const GetData& request) {
    const std::size_t count = requested_.size() + missing_.size() + request.items.size();
    if (count > kMaxRequested)
        return context_.misbehaved(
            fmt::format("{} items requested at once, at most {} are served", count, kMaxRequested));
    requested_.insert(requested_.end(), request.items.begin(), request.items.end());
}

std::optional<Message> Serving::next() {
    while (!requested_.empty()) {
        const InventoryItem item = requested_.front();
        requested_.pop_front();
        if (auto raw = item.is_block() ? context_.chain.block(item.hash) : std::nullopt)
            return BlockData{std::move(*raw)};
        missing_.push_back(item);
    }
    if (missing_.empty()) return std::nullopt;
    return NotFound{std::exchange(missing_, {})};
}

void Serving::announce(std::span<const BlockHeader> headers) {
    if (!context_.chain.has_blocks()) return;  // peers could not download them
    if (by_headers_ && headers.size() <= kMaxAnnounced)
        context_.send(Headers{{headers.begin(), headers.end()}});
    else
        context_.send(Inventory{{{InventoryItem::kBlock, headers.back().hash()}}});
}

}  // namespace lode::p2p
