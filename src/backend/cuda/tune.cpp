#include "backend/cuda/tune.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "backend/known_blocks.h"

namespace lode::backend::cuda {
namespace {

using kernels::cuda::Adds;
using kernels::cuda::scan_kernels;
using kernels::cuda::ScanKernel;

constexpr double kLong = 0.015;  // seconds: long enough to hide launch overhead and the tail of blocks
constexpr auto kWarmUp = std::chrono::milliseconds(300);  // until the clock has risen from idle
constexpr int kRounds = 2;  // alternating, since the clock also changes meanwhile
constexpr std::uint64_t kFirstCount = std::uint64_t{1} << 20;
constexpr std::uint64_t kMaxCount = std::uint64_t{1} << 32;

using Seconds = Result<double>;

// One way to run one kernel.
struct Candidate {
    std::size_t kernel = 0;
    unsigned variants = 0;
    std::uint64_t count = kFirstCount;  // nonces, doubled until they take kLong
};

Seconds time(Session& session, const Candidate& candidate, std::uint64_t count) {
    const ScanInput input = scan_input(known_blocks()[0].header, candidate.variants, 0);
    const Plan plan{{{candidate.kernel, candidate.variants}}, 0};
    if (auto started = session.start(input, 0, count, plan, count); !started)
        return tl::unexpected(started.error());
    if (auto answer = session.finish(); !answer) return tl::unexpected(answer.error());
    return session.seconds();
}

// Seconds per nonce, from a scan that is long enough.
Seconds time_a_nonce(Session& session, Candidate& candidate) {
    for (;; candidate.count *= 2) {
        const Seconds seconds = time(session, candidate, candidate.count);
        if (!seconds) return seconds;
        if (*seconds >= kLong || candidate.count >= kMaxCount)
            return *seconds / static_cast<double>(candidate.count);
    }
}

// Runs every kernel once, because its first launch loads or compiles it; then works for a while, until the
// GPU has clocked up.
Result<void> warm_up(Session& session, const std::vector<Candidate>& candidates) {
    for (const Candidate& candidate : candidates)
        if (const Seconds seconds = time(session, candidate, 1); !seconds)
            return tl::unexpected(seconds.error());
    const auto began = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - began < kWarmUp) {
        const Seconds seconds = time(session, candidates.front(), kFirstCount * 8);
        if (!seconds) return tl::unexpected(seconds.error());
    }
    return {};
}

// A looped kernel takes any number of variants: its time is interpolated linearly between one variant and
// all.
void fill_between(KernelTimes& times, unsigned most) {
    for (unsigned n = 2; n < most; ++n) times[n] = times[1] + (times[most] - times[1]) * (n - 1) / (most - 1);
}

}  // namespace

Result<Plans> tune(Session& session) {
    const auto table = scan_kernels();
    std::vector<Candidate> candidates;
    for (std::size_t k = 0; k < table.size(); ++k) {
        if (table[k].shape.looped && table[k].variants > 1) candidates.push_back({k, 1});
        candidates.push_back({k, table[k].variants});
    }
    if (auto warm = warm_up(session, candidates); !warm) return tl::unexpected(warm.error());
    std::vector<KernelTimes> times(table.size());
    for (int round = 0; round < kRounds; ++round) {
        for (Candidate& candidate : candidates) {
            const Seconds seconds = time_a_nonce(session, candidate);
            if (!seconds) return tl::unexpected(seconds.error());
            double& best = times[candidate.kernel][candidate.variants];
            best = best > 0 ? std::min(best, *seconds) : *seconds;
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
