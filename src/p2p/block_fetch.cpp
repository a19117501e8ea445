#include "p2p/block_fetch.h"

#include <algorithm>
#include <utility>

namespace lode::p2p {

void BlockFetch::add(std::span<const Hash256> hashes, const Chain::Place& end) {
    wanted_.insert(wanted_.end(), hashes.begin(), hashes.end());
    newest_ = hashes.back();
    newest_place_ = end;
}

BlockFetch::Progress BlockFetch::request(Now now) {
    GetData request;
    while (in_flight_.size() < kMaxInFlight && !wanted_.empty()) {
        const Hash256 hash = wanted_.front();
        wanted_.pop_front();
        if (context_.chain.find(hash)) continue;  // another peer was faster
        request.items.push_back({InventoryItem::kBlock, hash});
        if (in_flight_.empty()) waiting_since_ = now.steady;
        in_flight_.push_back(hash);
    }
    if (!request.items.empty()) context_.send(std::move(request));
    if (!idle()) return Progress::Waiting;
    return std::exchange(put_off_, false) ? Progress::PutOff : Progress::Complete;
}

BlockFetch::Progress BlockFetch::receive(const BlockData& block, Now now) {
    const auto misbehaved = [this](const char* reason) {
        context_.misbehaved(reason);
        return Progress::Waiting;
    };
    if (in_flight_.empty() || block.raw.size() < kHeaderSize)
        return misbehaved("a block that was not requested");
    const auto header = BlockHeader::parse(std::span(block.raw).first<kHeaderSize>());
    if (header.hash() != in_flight_.front()) return misbehaved("a block out of the order requested");
    in_flight_.pop_front();
    waiting_since_ = now.steady;
    const auto answer = context_.chain.add_block(block.raw, now.unix_time);
    context_.check(answer);
    if (context_.drop) return Progress::Waiting;
    if (answer.status == Chain::Status::Later) {  // the blocks in flight still arrive, and are postponed too
        put_off_ = true;
        wanted_.clear();
    }
    return request(now);
}

void BlockFetch::receive(const NotFound& m) {
    if (std::ranges::any_of(m.items, &InventoryItem::is_block))
        context_.stalled("it has no block for a header of its own");
}

void BlockFetch::tick(Now now) {
    if (!in_flight_.empty() && now.steady - waiting_since_ >= context_.settings.timing.reply &&
        context_.heard > waiting_since_)
        context_.stalled("no answer to 'getdata'");
}

}  // namespace lode::p2p
