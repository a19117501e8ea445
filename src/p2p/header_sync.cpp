// A 'headers' message passes through receive(), check(), place(), presync() for a long branch, and store().
// Each either passes it on or ends with a request for more, caught_up(), or the end of the session.
#include "p2p/header_sync.h"

#include <algorithm>
#include <utility>

#include "chain/header_hashes.h"
#include "chain/target.h"

namespace lode::p2p {
namespace {

constexpr std::size_t kMaxAnnounced = 8;  // headers, as Bitcoin Core
constexpr const char* kNotConnected = "headers that do not connect to this chain";

}  // namespace

void HeaderSync::receive(const Headers& m, Now now) {
    if (m.headers.empty()) {  // it has no more
        requested_.reset();
        presync_.reset();
        limits_.connected();
        return caught_up(now);
    }
    if (is_announcement(m)) {
        static_cast<void>(limits_.unconnected());
        request_later_ = true;
        return;
    }
    const auto hashes = check(m.headers);
    if (!hashes) return;
    if (presync_ && m.headers.front().prev != presync_->next()) return;  // an announcement
    requested_.reset();
    peer_tip_ = hashes->back();
    const Batch batch{m.headers, *hashes, m.headers.size() == kMaxHeaders};
    presync_ ? presync(batch, now) : place(batch, now);
}

// An answer connects to a block of the request's locator. Other small messages that come before it are
// usually announcements. A request for those is sent after the answer, otherwise the peer would answer twice.
bool HeaderSync::is_announcement(const Headers& m) const {
    return requested_ && m.headers.size() <= kMaxAnnounced &&
           std::ranges::find(locator_, m.headers.front().prev) == locator_.end();
}

// The hashes, if the headers are linked and have proof of work; otherwise drops the peer.
std::optional<std::vector<Hash256>> HeaderSync::check(std::span<const BlockHeader> headers) {
    auto hashes = chain::hashes_of(headers);
    for (std::size_t i = 0; i < headers.size(); ++i) {
        if (i > 0 && headers[i].prev != hashes[i - 1]) {
            context_.misbehaved("headers that are not linked to each other");
            return std::nullopt;
        }
        const auto target = chain::target_of(headers[i].bits);
        if (!target || hashes[i].number() > *target) {
            context_.misbehaved("a header without proof of work: " + hashes[i].hex());
            return std::nullopt;
        }
    }
    return hashes;
}

// Finds where the headers connect, and whether the branch has enough work to be stored.
void HeaderSync::place(Batch batch, Now now) {
    const Chain& chain = context_.chain;
    const auto unknown = std::ranges::find_if(batch.hashes, [&](const Hash256& h) { return !chain.find(h); });
    const auto known = static_cast<std::size_t>(unknown - batch.hashes.begin());
    if (known == batch.hashes.size()) {
        limits_.connected();
        return batch.full ? request_after(batch.hashes.back(), now) : caught_up(now);
    }
    batch.headers = batch.headers.subspan(known);
    batch.hashes = batch.hashes.subspan(known);
    const Hash256 parent_hash = batch.headers.front().prev;
    auto parent = chain.find(parent_hash);
    if (!parent && !blocks_.idle() && parent_hash == blocks_.newest()) parent = blocks_.newest_place();
    if (!parent) return not_connected(now);
    limits_.connected();
    const Chain::Place end = after(*parent, batch.headers);
    if (end.work < chain.least_work()) {
        if (!batch.full) return low_work(now);
        if (known > 0) return request_after(parent_hash, now);  // both passes begin at the fork
        presync_.emplace(chain.network(), parent_hash, *parent);
        return presync(batch, now);
    }
    limits_.enough_work();
    if (end.work <= chain.tip().work && !limits_.losing(batch.headers.size(), now.steady))
        return context_.misbehaved("too many headers of branches with less work");
    store(batch, end, now);
}

void HeaderSync::presync(const Batch& batch, Now now) {
    if (!presync_->second_round()) {
        switch (presync_->count(batch.headers, batch.hashes.back(), context_.chain.least_work())) {
            case Presync::State::Counting:
            case Presync::State::Enough:
                return send_request({presync_->next()}, now);
            case Presync::State::TooLong:
                return context_.misbehaved("a branch that is too long for its work");
            case Presync::State::BadBits:
                return context_.misbehaved("a branch whose difficulty changes by more than the rules allow");
            case Presync::State::Weak:
                return low_work(now);
        }
    }
    if (!presync_->confirm(batch.headers, batch.hashes))
        return context_.misbehaved("a different branch in the second download");
    const Chain::Place end = presync_->place();
    if (presync_->done()) presync_.reset();
    store(batch, end, now);
}

void HeaderSync::store(const Batch& batch, const Chain::Place& end, Now now) {
    if (context_.chain.has_blocks()) {
        if (blocks_.full()) {
            presync_.reset();
            request_later_ = true;
            return;
        }
        request_after_blocks_ = batch.full;
        blocks_.add(batch.hashes, end);
        return receive(blocks_.request(now), now);
    }
    const auto answer = context_.chain.add_headers(batch.headers, batch.hashes, now.unix_time);
    context_.check(answer);
    if (context_.drop) return;
    const bool more = batch.full && answer.status == Chain::Status::Added;
    more ? request_after(batch.hashes.back(), now) : caught_up(now);
}

void HeaderSync::receive(BlockFetch::Progress progress, Now now) {
    if (progress == BlockFetch::Progress::Waiting) return;
    const bool more = std::exchange(request_after_blocks_, false);
    more&& progress == BlockFetch::Progress::Complete ? request_after(blocks_.newest(), now) : caught_up(now);
}

void HeaderSync::receive(const Inventory& m, Now now) {
    const bool news = std::ranges::any_of(m.items, [&](const InventoryItem& item) {
        return item.is_block() && !context_.chain.find(item.hash);
    });
    if (news) request(now);
}

void HeaderSync::not_connected(Now now) {
    if (!limits_.unconnected()) return context_.misbehaved(kNotConnected);
    request(now);
}

// The branch has ended with too little work to be stored. An honest peer may be on such a branch and answer
// with it.
void HeaderSync::low_work(Now now) {
    presync_.reset();
    if (!limits_.low_work()) return context_.misbehaved("too many branches with too little work");
    caught_up(now);
}

void HeaderSync::request(Now now) {
    if (requested_ || presync_ || !blocks_.idle()) {
        request_later_ = true;
        return;
    }
    continued_ = {};  // a new request may have the same answer as the last one
    send_request(context_.chain.locator(), now);
}

// Requesting more after the same header twice means that the peer repeats its answers.
void HeaderSync::request_after(const Hash256& last, Now now) {
    if (last == continued_) return context_.misbehaved("the same headers repeatedly");
    continued_ = last;
    send_request({last}, now);
}

void HeaderSync::send_request(std::vector<Hash256> locator, Now now) {
    requested_ = now.steady;
    next_poll_ = now.steady + context_.settings.timing.poll_headers;
    locator_ = locator;
    context_.send(GetHeaders{std::move(locator), {}});
}

void HeaderSync::caught_up(Now now) {
    synced_ = blocks_.idle();
    if (synced_ && std::exchange(request_later_, false)) request(now);
}

std::chrono::milliseconds HeaderSync::time_limit(bool claims_more) const {
    const auto& timing = context_.settings.timing;
    return claims_more ? timing.reply : timing.reply / 6;
}

// A peer that sends other messages but does not answer a request is stalling, unless it claims no more blocks
// than we have: some nodes do not answer until they are synced with their own network.
void HeaderSync::tick(Now now, bool claims_more) {
    if (!requested_) {
        if (now.steady >= next_poll_) request(now);
        return;
    }
    if (now.steady - *requested_ < time_limit(claims_more) || context_.heard <= *requested_) return;
    if (limits_.any_unconnected()) return context_.stalled(kNotConnected);  // those were its answer
    if (claims_more) return context_.stalled("no answer to 'getheaders'");
    requested_.reset();
    presync_.reset();
    caught_up(now);
}

}  // namespace lode::p2p
