#include "status/record.h"

#include <algorithm>
#include <variant>

namespace lode::status {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMaxVerdicts = 16;  // there are seven
constexpr std::size_t kMaxDevices = 256;

// The value of a key; that of "other" for new keys beyond max.
template <typename Value>
Value& bounded(std::map<std::string, Value>& map, const std::string& key, std::size_t max) {
    return map.contains(key) || map.size() < max ? map[key] : map["other"];
}

void count(Record::ByResult& counts, Outcome::Status status) {
    switch (status) {
        case Outcome::Status::Accepted:
            ++counts.accepted;
            break;
        case Outcome::Status::Rejected:
            ++counts.rejected;
            break;
        case Outcome::Status::Stale:
            ++counts.stale;
            break;
        case Outcome::Status::Unknown:
            ++counts.unknown;
            break;
    }
}

}  // namespace

void LatencyHistogram::add(milliseconds latency) {
    const double seconds = std::chrono::duration<double>(latency).count();
    const auto* const bound = std::ranges::lower_bound(kBounds, seconds);
    ++counts[static_cast<std::size_t>(bound - kBounds.begin())];
    sum += seconds;
}

void Record::happened(const Event& event, Clock::time_point when) {
    std::visit([&](const auto& e) { note(e, when); }, event);
}

void Record::sample(const Snapshot& snapshot) {
    const auto& now = snapshot.shares;
    auto& counts = bounded(shares_, snapshot.source.name, kMaxSources);
    counts.accepted += now.accepted - last_counts_.accepted;
    counts.rejected += now.rejected - last_counts_.rejected;
    counts.stale += now.stale - last_counts_.stale;
    counts.unknown += now.unknown - last_counts_.unknown;
    last_counts_ = now;
    history_.sample(snapshot, now.accepted + solo_accepted_, now.rejected + now.stale + solo_refused_);
}

double Record::expected_rate(const std::string& device) const {
    const auto found = expected_.find(device);
    return found == expected_.end() ? 0 : found->second;
}

double Record::expected_rate() const {
    double sum = 0;
    for (const auto& [device, rate] : expected_) sum += rate;
    return sum;
}

void Record::answered(const Solution& solution, const Outcome& outcome, milliseconds latency,
                      Clock::time_point when) {
    if (last_shares_.size() >= kMaxShares) last_shares_.pop_front();
    last_shares_.push_back({when, solution.difficulty, solution.job->difficulty, outcome, latency,
                            solution.device, solution.block});
    if (outcome.status != Outcome::Status::Unknown) latency_.add(latency);
    if (outcome.status == Outcome::Status::Accepted) last_accepted_ = when;
}

// A pool's block is also a share, reported by an event of its own.
void Record::note(const event::BlockResult& e, Clock::time_point when) {
    count(bounded(blocks_, source_, kMaxSources), e.outcome.status);
    chain_.note(e, when);
    if (!e.solution.job->single_block) return;
    answered(e.solution, e.outcome, e.latency, when);
    if (e.outcome.status == Outcome::Status::Accepted)
        ++solo_accepted_;
    else if (e.outcome.status != Outcome::Status::Unknown)
        ++solo_refused_;
}

void Record::note(const event::ShareResult& e, Clock::time_point when) {
    answered(e.solution, e.outcome, e.latency, when);
}

void Record::note(const event::JobReceived& e, Clock::time_point when) {
    source_ = e.source;
    chain_.note(e, when);
}

void Record::note(const event::SourceSwitched& e, Clock::time_point /*when*/) {
    source_ = e.to;
}

void Record::note(const event::Judgement& e, Clock::time_point when) {
    chain_.note(e, when);
    ++bounded(judgements_, e.verdict, kMaxVerdicts);
}

void Record::note(const event::Reorganisation& e, Clock::time_point when) {
    chain_.note(e, when);
}

void Record::note(const event::Retarget& e, Clock::time_point when) {
    chain_.note(e, when);
}

void Record::note(const event::DeviceOpened& e, Clock::time_point /*when*/) {
    bounded(expected_, e.device, kMaxDevices) = e.info.rate;
}

}  // namespace lode::status
