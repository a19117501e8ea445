#include "backend/cpu/kernel_choice.h"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <time.h>
#include <vector>

#include "backend/cache.h"
#include "backend/known_blocks.h"
#include "backend/self_test.h"
#include "crypto/cpu_features.h"

namespace lode::backend::cpu {
namespace {

constexpr const char* kCacheFile = "cpu-kernel";
constexpr int kRounds = 3;
constexpr std::chrono::milliseconds kSlot{20};

// CPU time of this thread: on a busy machine wall time includes other programs.
std::chrono::nanoseconds cpu_time() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

// Hashes per second during one slot.
double measure(const CpuKernel& kernel) {
    constexpr std::uint64_t kStep = 768;  // nonces; a multiple of every kernel's step
    const ScanInput input = scan_input(known_blocks()[0].header, kernel.variants, 0);
    ScanResult result;
    std::uint32_t nonce = 0;
    const auto start = cpu_time();
    std::chrono::nanoseconds spent{};
    do {
        kernel.scan(input, nonce, kStep, result);
        nonce += kStep;
        spent = cpu_time() - start;
    } while (spent < kSlot);
    return nonce * static_cast<double>(kernel.variants) / std::chrono::duration<double>(spent).count();
}

// One line each: build, CPU, candidate kernels; then the chosen kernel and its rate.
std::string key(const std::vector<CpuKernel>& candidates) {
    std::string names;
    for (const auto& kernel : candidates) names += kernel.name + std::string(" ");
    return std::string(build_key()) + "\n" + crypto::cpu_features().brand + "\n" + names + "\n";
}

std::optional<Choice> remembered(const BackendOptions& options, const std::vector<CpuKernel>& candidates) {
    const auto content = read_cached(options, kCacheFile, 1024);
    const std::string expected = key(candidates);
    if (options.retune || !content || !content->starts_with(expected)) return std::nullopt;
    std::istringstream rest(content->substr(expected.size()));
    std::string name;
    double rate = 0;
    if (!(rest >> name >> rate)) return std::nullopt;
    const auto found = std::ranges::find(candidates, name, &CpuKernel::name);
    if (found == candidates.end()) return std::nullopt;
    return Choice{*found, rate, {}};
}

// The best of a few rounds each, alternating, since other programs disturb some time slots more than others.
Choice fastest(const std::vector<CpuKernel>& candidates) {
    Choice best{candidates.front(), 0, {}};
    for (int round = 0; round < kRounds; ++round)
        for (const auto& kernel : candidates)
            if (const double rate = measure(kernel); rate > best.rate) best = {kernel, rate, {}};
    return best;
}

}  // namespace

std::optional<Choice> choose_kernel(const BackendOptions& options) {
    std::vector<CpuKernel> candidates;
    std::string failed;
    for (const auto& kernel : cpu_kernels()) {
        if (!kernel.runnable) continue;
        if (!self_test(scanner(kernel.scan)))
            failed += (failed.empty() ? "" : ", ") + std::string(kernel.name);
        else
            candidates.push_back(kernel);
    }
    if (candidates.empty()) return std::nullopt;
    auto choice = remembered(options, candidates);
    if (!choice) {
        choice = fastest(candidates);
        write_cached(options, kCacheFile,
                     key(candidates) + choice->kernel.name + " " + std::to_string(choice->rate) + "\n");
    }
    choice->failed = failed;
    return choice;
}

}  // namespace lode::backend::cpu
