#include "engine/scan_queue.h"

#include <algorithm>
#include <utility>

#include "work/roll.h"

namespace lode::engine {

void ScanQueue::prepare(const WorkBoard::Posted& posted, std::uint64_t roll) {
    if (!inputs_.empty() && prepared_generation_ == posted.generation && prepared_roll_ == roll) return;
    const ScanInput whole = work::scan_input(*posted.job, roll);
    const std::uint32_t liked = std::clamp(device_.info().variants, 1u, whole.variants);
    inputs_.clear();
    for (std::uint32_t base = 0; base < whole.variants; base += liked) {
        auto part = std::make_shared<ScanInput>(whole);
        part->variants = std::min(liked, whole.variants - base);
        std::copy_n(whole.midstate.begin() + base, part->variants, part->midstate.begin());
        inputs_.push_back(std::move(part));
    }
    prepared_generation_ = posted.generation;
    prepared_roll_ = roll;
}

bool ScanQueue::plan(const WorkBoard::Posted& posted) {
    const std::uint32_t all = work::variants(*posted.job);
    const std::uint32_t top = std::max(posted.job->share_target, posted.job->block_target).top32();
    const auto claim =
        posted.job->space->claim(size_.nonces(std::min(all, std::max(device_.info().variants, 1u)), top));
    if (!claim) return false;
    prepare(posted, claim->roll);
    std::uint32_t base = 0;
    for (const auto& input : inputs_) {
        planned_.push_back({posted, input, base, claim->roll, claim->first, claim->count});
        base += input->variants;
    }
    return true;
}

Result<bool> ScanQueue::fill(const WorkBoard::Posted& posted) {
    std::erase_if(planned_, [&](const Scan& scan) { return scan.work.generation != posted.generation; });
    while (in_flight_.size() < std::max(device_.info().in_flight, 1u)) {
        if (planned_.empty() && (posted.job == nullptr || !plan(posted))) break;
        Scan scan = std::move(planned_.front());
        planned_.pop_front();
        scan.enqueued = std::chrono::steady_clock::now();
        if (auto queued = device_.enqueue(*scan.input, scan.first, scan.count); !queued)
            return tl::unexpected(queued.error());
        in_flight_.push_back(std::move(scan));
    }
    return !in_flight_.empty();
}

Result<FoundHits> ScanQueue::collect() {
    auto collected = device_.collect();
    if (!collected) return tl::unexpected(collected.error());
    const auto& result = *collected;
    const Scan scan = std::move(in_flight_.front());
    in_flight_.pop_front();

    const auto now = std::chrono::steady_clock::now();
    const std::uint64_t left_out = cuts_short_ == nullptr ? 0 : std::min(cuts_short_->left_out(), scan.count);
    const std::uint64_t hashes = (scan.count - left_out) * scan.input->variants;
    if (result.total > hashes)
        return fail(ErrorKind::Device, "more hits than hashes", device_.info().id, "at most one hit a hash");
    if (left_out == 0) size_.measured(hashes, now - std::max(scan.enqueued, last_collected_));
    last_collected_ = now;

    FoundHits found{scan.work.job, scan.work.generation, scan.roll, {}};
    if (result.overflowed()) {
        // Both halves are scanned next; one nonce with all its variants always fits the buffer.
        Scan low = scan, high = scan;
        low.count = std::max<std::uint64_t>(scan.count / 2, 1);
        high.first += static_cast<std::uint32_t>(low.count);
        high.count -= low.count;
        if (high.count > 0) planned_.push_front(std::move(high));
        planned_.push_front(std::move(low));
        return found;
    }
    hashes_ += hashes;
    for (std::size_t i = 0; i < result.kept(); ++i) {
        const Hit& hit = result.hits[i];
        if (hit.variant >= scan.input->variants || hit.nonce - scan.first >= scan.count)
            return fail(ErrorKind::Device, "a hit outside its scan", device_.info().id,
                        "one of its nonces and variants");
        found.hits.push_back({hit.nonce, hit.variant + scan.base});
    }
    return found;
}

std::uint64_t ScanQueue::take_hashes() {
    return std::exchange(hashes_, 0);
}

}  // namespace lode::engine
