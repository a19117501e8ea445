#include "engine/rate_meter.h"

#include <algorithm>

namespace lode::engine {

void RateMeter::sample(Clock::time_point now, std::uint64_t counter) {
    samples_.push_back({now, counter});
    while (samples_.front().time < now - kKept) samples_.pop_front();
}

double RateMeter::rate(std::chrono::seconds window) const {
    if (samples_.size() < 2) return 0;
    const auto& last = samples_.back();
    const auto from = std::ranges::lower_bound(samples_, last.time - window, {}, &Sample::time);
    const auto& first = from + 1 == samples_.end() ? *(from - 1) : *from;
    const double seconds = std::chrono::duration<double>(last.time - first.time).count();
    return seconds > 0 ? static_cast<double>(last.counter - first.counter) / seconds : 0;
}

std::optional<double> RateMeter::full_rate(std::chrono::seconds window) const {
    if (samples_.empty() || samples_.back().time - samples_.front().time < window) return std::nullopt;
    return rate(window);
}

}  // namespace lode::engine
