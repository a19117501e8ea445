// The part of a session that follows the peer's chain.
#include <algorithm>

#include <fmt/core.h>

#include "chain/p2p/session.h"
#include "chain/target.h"

namespace lode::p2p {

void Session::ask(Now now) {
    if (!ready_ || drop_) return;
    if (asked_ || presync_ || !in_flight_.empty()) {
        ask_later_ = true;
        return;
    }
    continued_ = {};  // a new question may well be answered like the last one
    request_headers(chain_.locator(), now);
}

void Session::request_headers(std::vector<Hash256> locator, Now now) {
    asked_ = now.steady;
    ask_due_ = now.steady + settings_.timing.ask_again;
    question_ = locator;
    outgoing_.push_back(GetHeaders{std::move(locator), {}});
}

void Session::on(const Inventory& m, Now now) {
    const bool news = std::ranges::any_of(
        m.items, [&](const InventoryItem& item) { return item.is_block() && !chain_.find(item.hash); });
    if (news) ask(now);
}

void Session::on(const Headers& m, Now now) {
    const auto& headers = m.headers;
    if (headers.empty()) {
        asked_.reset();
        presync_.reset();
        unconnecting_ = 0;
        return all_told(now);
    }
    // An answer follows a block of the question. What else comes before it is news, as a rule: asked again at
    // once, the peer would answer twice. They are asked for when the answer is here.
    if (asked_ && headers.size() <= kMaxAnnounced &&
        std::ranges::find(question_, headers.front().prev) == question_.end()) {
        ++unconnecting_;
        ask_later_ = true;
        return;
    }
    std::vector<Hash256> hashes;
    hashes.reserve(headers.size());
    for (const auto& header : headers) {
        if (!hashes.empty() && header.prev != hashes.back())
            return misbehaved("headers that are not linked to each other");
        hashes.push_back(header.hash());
        const auto target = chain::target_of(header.bits);
        if (!target || hashes.back().number() > *target)
            return misbehaved("a header without proof of work: " + hashes.back().hex());
    }
    if (presync_ && headers.front().prev != presync_->next()) return;  // news; not what we asked for
    asked_.reset();
    peer_tip_ = hashes.back();
    presync_ ? presync(headers, hashes, now) : place(headers, hashes, now);
}

// Where do they belong, and is the branch worth storing?
void Session::place(std::span<const BlockHeader> headers, std::span<const Hash256> hashes, Now now) {
    const bool full = headers.size() == kMaxHeaders;
    const auto unknown = std::ranges::find_if(hashes, [&](const Hash256& h) { return !chain_.find(h); });
    const auto known = static_cast<std::size_t>(unknown - hashes.begin());
    if (known == hashes.size()) {
        unconnecting_ = 0;
        return full ? go_on(hashes.back(), now) : all_told(now);
    }
    headers = headers.subspan(known);
    hashes = hashes.subspan(known);
    std::optional<Uint256> work;
    if (const auto parent = chain_.find(headers.front().prev))
        work = parent->work;
    else if (!(wanted_.empty() && in_flight_.empty()) && headers.front().prev == queue_end_)
        work = queue_work_;
    if (!work) {
        if (++unconnecting_ > kMaxUnconnecting) return misbehaved(kUnconnecting);
        return ask(now);
    }
    unconnecting_ = 0;
    const Uint256 parent_work = *work;
    *work += work_of(headers);
    if (*work < chain_.least_work()) {
        if (!full) return weak(now);
        if (known > 0) return go_on(headers.front().prev, now);  // both rounds begin at the fork
        presync_.emplace(headers.front().prev, parent_work);
        return presync(headers, hashes, now);
    }
    weak_ = 0;
    if (*work <= chain_.tip().work && !afford_side(headers.size(), now))
        return misbehaved("a flood of headers of losing branches");
    store(headers, hashes, *work, full, now);
}

// The branch has ended, and is not worth storing. An honest peer may be on such a one, and says so when
// asked.
void Session::weak(Now now) {
    presync_.reset();
    if (++weak_ > kMaxWeak) return misbehaved("a flood of headers with too little work");
    all_told(now);
}

void Session::presync(std::span<const BlockHeader> headers, std::span<const Hash256> hashes, Now now) {
    const bool full = headers.size() == kMaxHeaders;
    if (!presync_->second_round()) {
        switch (presync_->count(headers, hashes.back(), chain_.least_work())) {
            case Presync::State::Counting:
            case Presync::State::Enough:
                return request_headers({presync_->next()}, now);
            case Presync::State::TooLong:
                return misbehaved("an endless branch that adds up to little work");
            case Presync::State::Weak:
                return weak(now);
        }
    }
    if (!presync_->confirm(headers, hashes)) return misbehaved("another branch when asked for it again");
    const Uint256 work = presync_->work();
    if (presync_->done()) presync_.reset();
    store(headers, hashes, work, full, now);
}

void Session::store(std::span<const BlockHeader> headers, std::span<const Hash256> hashes,
                    const Uint256& work, bool full, Now now) {
    if (!chain_.has_blocks()) {
        if (took(chain_.add_headers(headers, now.unix_time), now))
            full ? go_on(hashes.back(), now) : all_told(now);
        return;
    }
    if (wanted_.size() > kMaxHeaders) {  // its announcements outrun its blocks
        presync_.reset();
        ask_later_ = true;
        return;
    }
    wanted_.insert(wanted_.end(), hashes.begin(), hashes.end());
    queue_end_ = hashes.back();
    queue_work_ = work;
    more_headers_ = full;
    fetch_blocks(now);
}

void Session::fetch_blocks(Now now) {
    GetData question;
    while (in_flight_.size() < kMaxInFlight && !wanted_.empty()) {
        const Hash256 hash = wanted_.front();
        wanted_.pop_front();
        if (chain_.find(hash)) continue;  // another peer was faster
        question.items.push_back({InventoryItem::kBlock, hash});
        if (in_flight_.empty()) block_since_ = now.steady;
        in_flight_.push_back(hash);
    }
    if (!question.items.empty()) outgoing_.push_back(std::move(question));
    if (!wanted_.empty() || !in_flight_.empty()) return;
    std::exchange(more_headers_, false) ? go_on(queue_end_, now) : all_told(now);
}

void Session::on(const BlockData& m, Now now) {
    if (in_flight_.empty() || m.raw.size() < kHeaderSize) return misbehaved("a block that nobody asked for");
    const auto header = BlockHeader::parse(std::span(m.raw).first<kHeaderSize>());
    if (header.hash() != in_flight_.front()) return misbehaved("a block that is not the one due");
    in_flight_.pop_front();
    block_since_ = now.steady;
    if (took(chain_.add_block(m.raw, now.unix_time), now)) fetch_blocks(now);
}

void Session::on(const NotFound& m, Now) {
    if (std::ranges::any_of(m.items, [](const InventoryItem& item) { return item.is_block(); }))
        drop("it has no block for a header of its own", settings_.timing.ban_stalling);
}

// Asked for more after the same header twice means that the peer repeats itself.
void Session::go_on(const Hash256& last, Now now) {
    if (last == continued_) return misbehaved("the same headers again and again");
    continued_ = last;
    request_headers({last}, now);
}

void Session::all_told(Now now) {
    level_ = wanted_.empty() && in_flight_.empty();
    if (level_ && std::exchange(ask_later_, false)) ask(now);
}

bool Session::took(const Chain::Answer& answer, Now now) {
    switch (answer.status) {
        case Chain::Status::Added:
            return true;
        case Chain::Status::Invalid:
            misbehaved(answer.reason);
            return false;
        case Chain::Status::Failed:
            drop(answer.reason);
            return false;
        case Chain::Status::Later:
            break;  // what is in flight will come, and be put off likewise
    }
    wanted_.clear();
    more_headers_ = false;
    all_told(now);
    return false;
}

bool Session::afford_side(std::size_t headers, Now now) {
    const std::chrono::duration<double> passed = now.steady - side_since_;
    side_since_ = now.steady;
    side_ = std::max(0.0, side_ - passed.count() * kSideRefill) + static_cast<double>(headers);
    return side_ <= kMaxSide;
}

}  // namespace lode::p2p
