#include "doctor/latencies.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace lode::doctor {
namespace {

constexpr Rule kLatency{"latency", "how soon answers come", "measured"};

}  // namespace

void Latencies::conclude(Report& report) {
    if (all_.empty()) return;
    std::ranges::sort(all_);
    const auto ms = [&](double part) {
        const auto at = static_cast<std::size_t>(std::lround(part * static_cast<double>(all_.size() - 1)));
        return std::chrono::duration<double, std::milli>(all_[at]).count();
    };
    report.held(kLatency, fmt::format("median {:.1f} ms, 90 % {:.1f} ms, longest {:.1f} ms of {} answers",
                                      ms(0.5), ms(0.9), ms(1), all_.size()));
}

}  // namespace lode::doctor
