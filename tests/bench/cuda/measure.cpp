#include "bench/cuda/measure.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "bench/cuda/pipes.h"

namespace lode::bench {
namespace {

using Clock = std::chrono::steady_clock;

Result<double> seconds(Session& session, const Job& job) {
    if (auto started = session.start(job.input, 0, job.count, job.plan, job.count); !started)
        return tl::unexpected(started.error());
    if (auto result = session.finish(); !result) return tl::unexpected(result.error());
    return session.seconds();
}

}  // namespace

// By the host's clock, since loading the kernels takes part of it.
Result<void> warm_up(Session& session) {
    const auto began = Clock::now();
    while (Clock::now() - began < std::chrono::seconds(1)) {
        const auto spent = seconds(session, Job(0, 1 << 26));
        if (!spent) return tl::unexpected(spent.error());
    }
    return {};
}

Result<double> hash_rate(Session& session, std::size_t kernel, std::uint64_t& count) {
    constexpr double kGoal = 0.025;  // seconds
    std::vector<double> rates;
    for (count = std::uint64_t{1} << 22; rates.size() < 21;) {
        const Job job(kernel, count);
        const auto spent = seconds(session, job);
        if (!spent) return spent;
        if (*spent < kGoal && count < std::uint64_t{1} << 32)
            count *= 2;
        else
            rates.push_back(job.hashes() / *spent);
    }
    std::ranges::nth_element(rates, rates.begin() + 10);
    return rates[10];
}

Result<double> driven_rate(Session& session, const Job& job) {
    const auto began = Clock::now();
    double hashes = 0, elapsed = 0;
    for (bool more = true; more || session.outstanding() > 0;) {
        while (more && session.outstanding() < Session::kLanes)
            if (auto started = session.start(job.input, 0, job.count, job.plan, job.count); !started)
                return tl::unexpected(started.error());
        if (auto result = session.finish(); !result) return tl::unexpected(result.error());
        hashes += job.hashes();
        elapsed = std::chrono::duration<double>(Clock::now() - began).count();
        more = elapsed < 5;
    }
    return hashes / elapsed;
}

std::string recovery(std::unique_ptr<Session> session) {
    trap();
    const auto failed = seconds(*session, Job(0, 1 << 20));
    session.reset();
    if (failed) return "the kernel that was to fail did not";
    const std::string after = "after \"" + failed.error().what + "\" a new context ";
    auto again = Session::open(0);
    if (!again) return after + "cannot be opened: " + again.error().text();
    const auto spent = seconds(**again, Job(0, 1 << 20));
    if (!spent) return after + "does not work: " + spent.error().text();
    return after + "works";
}

}  // namespace lode::bench
