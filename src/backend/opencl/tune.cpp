#include "backend/opencl/tune.h"

#include <algorithm>
#include <chrono>

#include "backend/known_blocks.h"

namespace lode::backend::opencl {
namespace {

using Seconds = std::chrono::duration<double>;
using Clock = std::chrono::steady_clock;

constexpr double kWorthIt = 1.02;  // smaller differences are noise
constexpr double kShort = 0.02;    // seconds: long enough to hide the costs of a launch

// Two scans of this many nonces, the second enqueued while the first runs, as in mining.
Result<double> seconds_for(Device& device, const ScanInput& input, std::uint64_t count) {
    const auto start = Clock::now();
    for (int i = 0; i < 2; ++i)
        if (auto queued = device.enqueue(input, 0, count); !queued) return tl::unexpected(queued.error());
    for (int i = 0; i < 2; ++i)
        if (const auto result = device.collect(); !result) return tl::unexpected(result.error());
    return Seconds(Clock::now() - start).count();
}

}  // namespace

std::optional<Config> find_fastest(const Facts& facts, const Measure& measure,
                                   const std::function<bool()>& enough) {
    Config best = first_guess(facts);
    double best_rate = measure(best).value_or(0);
    for (const Part part : {Part::Arithmetic, Part::WorkGroup, Part::Vector}) {
        for (const Config& config : alternatives(best, part, facts)) {
            if (enough()) return best_rate > 0 ? std::optional(best) : std::nullopt;
            const double rate = measure(config).value_or(0);
            if (rate <= best_rate * kWorthIt) continue;
            best = config;
            best_rate = rate;
        }
    }
    if (best_rate > 0) return best;
    return std::nullopt;
}

Result<Speed> measure_speed(Device& device, std::initializer_list<unsigned> variants) {
    Speed best;
    for (const unsigned number : variants) {
        const ScanInput input = scan_input(known_blocks()[0].header, number, 0);
        std::uint64_t count = device.info().granularity;
        for (int good = 0; good < 3;) {
            const auto answer = seconds_for(device, input, count);
            if (!answer) return tl::unexpected(answer.error());
            const double seconds = *answer;
            if (seconds < kShort && count < (std::uint64_t{1} << 31)) {
                count *= 2;
                continue;
            }
            ++good;
            const double rate = 2 * static_cast<double>(count * number) / seconds;
            if (rate > best.rate) best = {number, rate};
        }
    }
    return best;
}

}  // namespace lode::backend::opencl
