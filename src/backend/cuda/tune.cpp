#include "backend/cuda/tune.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "backend/known_blocks.h"

namespace lode::backend::cuda {
namespace {

using kernels::cuda::Adds;
using kernels::cuda::scan_kernels;
using kernels::cuda::ScanKernel;

constexpr double kLong = 0.008;  // seconds: the costs of a launch do not show
constexpr double kWarmUp = 0.2;  // seconds until the clock has risen from idle
constexpr int kRounds = 2;       // in turns, since the clock also moves meanwhile
constexpr std::uint64_t kFirstCount = std::uint64_t{1} << 20;
constexpr std::uint64_t kMostCount = std::uint64_t{1} << 32;

using Seconds = std::variant<double, Error>;

class Tuner {
 public:
    explicit Tuner(Session& session) : session_(session) {}

    // One scan of `count` nonces by one kernel.
    Seconds time(std::size_t kernel, unsigned variants, std::uint64_t count) {
        const ScanInput input = scan_input(known_blocks()[0].header, variants, 0);
        if (auto error = session_.start(input, 0, count, Plan{{{kernel, variants}}, 0}, count)) return *error;
        if (auto answer = session_.finish(); std::holds_alternative<Error>(answer))
            return std::get<Error>(answer);
        return session_.seconds();
    }

    // Seconds a nonce, of a scan long enough.
    Seconds time_a_nonce(std::size_t kernel, unsigned variants) {
        for (std::uint64_t count = kFirstCount;; count *= 2) {
            const Seconds seconds = time(kernel, variants, count);
            if (std::holds_alternative<Error>(seconds)) return seconds;
            if (std::get<double>(seconds) >= kLong || count >= kMostCount)
                return std::get<double>(seconds) / static_cast<double>(count);
        }
    }

    std::optional<Error> warm_up() {
        for (double spent = 0; spent < kWarmUp;) {
            const Seconds seconds = time(0, 1, kFirstCount * 8);
            if (const auto* error = std::get_if<Error>(&seconds)) return *error;
            spent += std::max(std::get<double>(seconds), 1e-4);
        }
        return std::nullopt;
    }

 private:
    Session& session_;
};

// A looped kernel takes any number: its time is a line through those of one variant and of all.
void fill_between(KernelTimes& times, unsigned most) {
    for (unsigned n = 2; n < most; ++n) times[n] = times[1] + (times[most] - times[1]) * (n - 1) / (most - 1);
}

}  // namespace

std::variant<Plans, Error> tune(Session& session, const std::function<void(const std::string&)>& say) {
    Tuner tuner(session);
    if (auto error = tuner.warm_up()) return *error;
    const auto table = scan_kernels();
    std::vector<KernelTimes> times(table.size());
    for (int round = 0; round < kRounds; ++round) {
        for (std::size_t k = 0; k < table.size(); ++k) {
            for (const unsigned n : {1u, table[k].variants}) {
                if (n != table[k].variants && !table[k].shape.looped) continue;
                const Seconds seconds = tuner.time_a_nonce(k, n);
                if (const auto* error = std::get_if<Error>(&seconds)) return *error;
                const double now = std::get<double>(seconds);
                times[k][n] = times[k][n] > 0 ? std::min(times[k][n], now) : now;
            }
        }
    }
    for (std::size_t k = 0; k < table.size(); ++k) {
        if (table[k].shape.looped) fill_between(times[k], table[k].variants);
        if (say)
            say("tuning: " + describe(table[k]) + ": " +
                std::to_string(static_cast<int>(table[k].variants / times[k][table[k].variants] / 1e6)) +
                " MH/s");
    }
    return make_plans(times);
}

std::string describe(const ScanKernel& kernel) {
    const auto& shape = kernel.shape;
    const char* adds = shape.adds == Adds::Fma ? "fma" : shape.adds == Adds::Pairs ? "pairs" : "alu";
    char text[96];
    std::snprintf(text, sizeof text, "%u%s/%s/%08x/%dx%d/%d", kernel.variants, shape.looped ? "-looped" : "",
                  adds, static_cast<unsigned>(shape.multiplied), shape.block, shape.blocks_per_sm,
                  shape.nonces);
    return text;
}

}  // namespace lode::backend::cuda
