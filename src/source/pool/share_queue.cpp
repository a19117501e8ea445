#include "source/pool/share_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace lode::source::pool {
namespace {

using namespace std::chrono_literals;

// Some pools disconnect clients that send much at once (one treats 10 kB as a flood). At a round trip of 0.1
// s this is still 80 shares per second.
constexpr std::size_t kMaxUnderWay = 8;
// Upper bound for the time from a block to the pool's next job here. A few milliseconds on a test network;
// but a pool with Nagle's algorithm sends the job only after its answer is acknowledged.
constexpr auto kMaxAfterBlock = 400ms;
constexpr auto kFirstPause = 1s;      // doubles each time
constexpr unsigned kMaxRefusals = 6;  // the last after 31 s

}  // namespace

// A block never waits for shares. But it ends its job: if every share is a block, one sent too soon after it
// arrives when the pool has a new job.
bool ShareQueue::may_go(const Solution& solution, TimePoint now) const {
    if (job_in_doubt() && (doubt_.blocks || !solution.block)) return under_way_ == 0 && now >= doubt_.next;
    if (!solution.block) return under_way_ < kMaxUnderWay;
    return last_block_.context != solution.job->context ||
           (!last_block_.under_way && now >= last_block_.next);
}

std::optional<Share> ShareQueue::take(TimePoint now) {
    for (auto* queue : {&blocks_, &others_}) {
        if (queue->empty() || !may_go(queue->front().solution, now)) continue;
        Share share = std::move(queue->front());
        queue->pop_front();
        ++under_way_;
        if (share.solution.block) last_block_ = {share.solution.job->context, true, {}};
        doubt_.trying = job_in_doubt();
        if (job_in_doubt()) doubt_.next = now + doubt_pause();
        return share;
    }
    return std::nullopt;
}

std::optional<TimePoint> ShareQueue::next() const {
    if (blocks_.empty() || last_block_.under_way || job_in_doubt()) return std::nullopt;
    return last_block_.next;
}

void ShareQueue::ended(const Solution& solution, bool accepted, TimePoint now) {
    --under_way_;
    if (!solution.block || last_block_.context != solution.job->context) return;
    last_block_.under_way = false;
    if (accepted) last_block_.next = now + after_block_;
}

void ShareQueue::came_late(const Solution& solution) {
    if (solution.block) after_block_ = std::min<std::chrono::milliseconds>(2 * after_block_, kMaxAfterBlock);
}

std::chrono::seconds ShareQueue::doubt_pause() const {
    return kFirstPause * (1U << doubt_.refusals);
}

std::deque<Share> ShareQueue::clear() {
    std::deque<Share> all = std::exchange(blocks_, {});
    std::move(others_.begin(), others_.end(), std::back_inserter(all));
    others_.clear();
    return all;
}

bool ShareQueue::job_unknown(const Solution& refused, TimePoint now) {
    if (job_in_doubt() && !doubt_.trying) return true;  // sent before the first refusal
    doubt_.next = now + doubt_pause();
    doubt_.trying = false;
    doubt_.blocks |= refused.block;
    return ++doubt_.refusals < kMaxRefusals;
}

}  // namespace lode::source::pool
