#include "backend/cuda/tune.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <vector>

#include "backend/known_blocks.h"

namespace lode::backend::cuda {
namespace {

using kernels::cuda::Adds;
using kernels::cuda::scan_kernels;
using kernels::cuda::ScanKernel;

constexpr double kLong = 0.015;  // seconds: the costs of a launch and of its last blocks do not show
constexpr auto kWarmUp = std::chrono::milliseconds(300);  // until the clock has risen from idle
constexpr int kRounds = 2;                                // in turns, since the clock also moves meanwhile
constexpr std::uint64_t kFirstCount = std::uint64_t{1} << 20;
constexpr std::uint64_t kMostCount = std::uint64_t{1} << 32;

using Seconds = std::variant<double, Error>;

// One way to run one kernel.
struct Candidate {
    std::size_t kernel = 0;
    unsigned variants = 0;
    std::uint64_t count = kFirstCount;  // nonces, doubled until they take kLong
};

Seconds time(Session& session, const Candidate& candidate, std::uint64_t count) {
    const ScanInput input = scan_input(known_blocks()[0].header, candidate.variants, 0);
    const Plan plan{{{candidate.kernel, candidate.variants}}, 0};
    if (auto error = session.start(input, 0, count, plan, count)) return *error;
    if (auto answer = session.finish(); std::holds_alternative<Error>(answer)) return std::get<Error>(answer);
    return session.seconds();
}

// Seconds a nonce, of a scan long enough.
Seconds time_a_nonce(Session& session, Candidate& candidate) {
    for (;; candidate.count *= 2) {
        const Seconds seconds = time(session, candidate, candidate.count);
        if (std::holds_alternative<Error>(seconds)) return seconds;
        if (std::get<double>(seconds) >= kLong || candidate.count >= kMostCount)
            return std::get<double>(seconds) / static_cast<double>(candidate.count);
    }
}

// Every kernel once, because its first launch loads it, or has the driver compile it; then work by the host's
// clock until the GPU's has risen.
std::optional<Error> warm_up(Session& session, const std::vector<Candidate>& candidates) {
    for (const Candidate& candidate : candidates)
        if (const Seconds seconds = time(session, candidate, 1); std::holds_alternative<Error>(seconds))
            return std::get<Error>(seconds);
    const auto began = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - began < kWarmUp) {
        const Seconds seconds = time(session, candidates.front(), kFirstCount * 8);
        if (const auto* error = std::get_if<Error>(&seconds)) return *error;
    }
    return std::nullopt;
}

// A looped kernel takes any number: its time is a line through those of one variant and of all.
void fill_between(KernelTimes& times, unsigned most) {
    for (unsigned n = 2; n < most; ++n) times[n] = times[1] + (times[most] - times[1]) * (n - 1) / (most - 1);
}

}  // namespace

std::variant<Plans, Error> tune(Session& session) {
    const auto table = scan_kernels();
    std::vector<Candidate> candidates;
    for (std::size_t k = 0; k < table.size(); ++k) {
        if (table[k].shape.looped && table[k].variants > 1) candidates.push_back({k, 1});
        candidates.push_back({k, table[k].variants});
    }
    if (auto error = warm_up(session, candidates)) return *error;
    std::vector<KernelTimes> times(table.size());
    for (int round = 0; round < kRounds; ++round) {
        for (Candidate& candidate : candidates) {
            const Seconds seconds = time_a_nonce(session, candidate);
            if (const auto* error = std::get_if<Error>(&seconds)) return *error;
            double& best = times[candidate.kernel][candidate.variants];
            best = best > 0 ? std::min(best, std::get<double>(seconds)) : std::get<double>(seconds);
        }
    }
    for (std::size_t k = 0; k < table.size(); ++k)
        if (table[k].shape.looped) fill_between(times[k], table[k].variants);
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
