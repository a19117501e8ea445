#include "bench/cuda/measure.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "bench/cuda/pipes.h"

namespace lode::bench {
namespace {

using Clock = std::chrono::steady_clock;

std::variant<double, Error> seconds(Session& session, const Job& job) {
    if (auto error = session.start(job.input, 0, job.count, job.plan, job.count)) return *error;
    if (auto result = session.finish(); std::holds_alternative<Error>(result)) return std::get<Error>(result);
    return session.seconds();
}

}  // namespace

// By the host's clock, since loading the kernels takes part of it.
std::optional<Error> warm_up(Session& session) {
    const auto began = Clock::now();
    while (Clock::now() - began < std::chrono::seconds(1)) {
        const auto spent = seconds(session, Job(0, 1 << 26));
        if (const auto* error = std::get_if<Error>(&spent)) return *error;
    }
    return std::nullopt;
}

std::variant<double, Error> hash_rate(Session& session, std::size_t kernel, std::uint64_t& count) {
    constexpr double kGoal = 0.025;  // seconds
    std::vector<double> rates;
    for (count = std::uint64_t{1} << 22; rates.size() < 21;) {
        const Job job(kernel, count);
        const auto spent = seconds(session, job);
        if (std::holds_alternative<Error>(spent)) return spent;
        if (std::get<double>(spent) < kGoal && count < std::uint64_t{1} << 32)
            count *= 2;
        else
            rates.push_back(job.hashes() / std::get<double>(spent));
    }
    std::ranges::nth_element(rates, rates.begin() + 10);
    return rates[10];
}

std::variant<double, Error> driven_rate(Session& session, const Job& job) {
    const auto began = Clock::now();
    double hashes = 0, elapsed = 0;
    for (bool more = true; more || session.outstanding() > 0;) {
        while (more && session.outstanding() < Session::kLanes)
            if (auto error = session.start(job.input, 0, job.count, job.plan, job.count)) return *error;
        if (auto result = session.finish(); std::holds_alternative<Error>(result))
            return std::get<Error>(result);
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
    if (std::holds_alternative<double>(failed)) return "the kernel that was to fail did not";
    const std::string after = "after \"" + std::get<Error>(failed).what + "\" a new context ";
    auto again = Session::open(0);
    if (const auto* error = std::get_if<Error>(&again)) return after + "cannot be opened: " + error->text();
    const auto spent = seconds(*std::get<std::unique_ptr<Session>>(again), Job(0, 1 << 20));
    if (const auto* error = std::get_if<Error>(&spent)) return after + "does not work: " + error->text();
    return after + "works";
}

}  // namespace lode::bench
