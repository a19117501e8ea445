#include "backend/cpu/thread_plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string>
#include <thread>

#include "backend/cpu/cpu_quota.h"

#if defined(__linux__)
#include <cerrno>
#include <sched.h>

#include <sys/resource.h>
#endif

namespace lode::backend::cpu {
namespace {

constexpr unsigned kMaxThreads = 4096;
constexpr const char* kAffinity = "CPU affinity";
constexpr const char* kPriority = "CPU priority";

// As XMRig's and cpuminer's levels; 0 is not a nice value but Linux's class for what runs when nothing else
// does.
constexpr std::array kNice = {19, 5, 0, -5, -10, -15};

// "0-3,8"
std::string list_text(const std::vector<unsigned>& cpus) {
    std::string text;
    for (std::size_t i = 0; i < cpus.size(); ++i) {
        const std::size_t first = i;
        while (i + 1 < cpus.size() && cpus[i + 1] == cpus[i] + 1) ++i;
        text += (text.empty() ? "" : ",") + std::to_string(cpus[first]);
        if (i > first) text += "-" + std::to_string(cpus[i]);
    }
    return text;
}

unsigned usual_threads(const CpuShare& share) {
    std::size_t threads = share.allowed.empty() ? std::thread::hardware_concurrency() : share.allowed.size();
    if (share.quota && *share.quota < static_cast<double>(threads))
        threads = static_cast<std::size_t>(std::ceil(*share.quota));
    return static_cast<unsigned>(std::max<std::size_t>(threads, 1));
}

Result<void> check_affinity(const std::vector<unsigned>& cpus, unsigned threads, const CpuShare& share) {
    for (auto cpu = cpus.begin(); cpu != cpus.end(); ++cpu) {
        if (std::find(cpus.begin(), cpu, *cpu) != cpu)
            return fail(ErrorKind::Usage, "CPU " + std::to_string(*cpu) + " is listed twice", kAffinity);
        if (!share.allowed.empty() && !std::ranges::binary_search(share.allowed, *cpu))
            return fail(ErrorKind::Usage,
                        "CPU " + std::to_string(*cpu) + " is not one that this process may run on", kAffinity,
                        "of " + list_text(share.allowed));
    }
    if (threads > cpus.size())
        return fail(
            ErrorKind::Usage,
            "a list of " + std::to_string(cpus.size()) + " for " + std::to_string(threads) + " threads",
            kAffinity, "a CPU for each thread");
    return {};
}

#if defined(__linux__)
std::vector<unsigned> allowed_cpus() {
    // A cpu_set_t has room for 1,024; EINVAL says that the kernel knows more.
    for (std::size_t count = CPU_SETSIZE; count <= 64 * CPU_SETSIZE; count *= 2) {
        std::vector<cpu_set_t> set(count / CPU_SETSIZE);
        const std::size_t bytes = set.size() * sizeof(cpu_set_t);
        if (sched_getaffinity(0, bytes, set.data()) != 0) continue;
        std::vector<unsigned> cpus;
        for (unsigned cpu = 0; cpu < count; ++cpu)
            if (CPU_ISSET_S(cpu, bytes, set.data())) cpus.push_back(cpu);
        return cpus;
    }
    return {};
}

Result<void> pin(unsigned cpu) {
    std::vector<cpu_set_t> set(cpu / CPU_SETSIZE + 1);
    CPU_SET_S(cpu, set.size() * sizeof(cpu_set_t), set.data());
    if (sched_setaffinity(0, set.size() * sizeof(cpu_set_t), set.data()) == 0) return {};
    return fail(ErrorKind::Usage, "CPU " + std::to_string(cpu) + ": " + std::strerror(errno), kAffinity);
}

// Both calls are about the calling thread only.
Result<void> prioritise(unsigned level) {
    const sched_param none{};
    const int nice = kNice[level];
    const bool done =
        level == 0 ? sched_setscheduler(0, SCHED_IDLE, &none) == 0 : setpriority(PRIO_PROCESS, 0, nice) == 0;
    if (done) return {};
    return fail(ErrorKind::Usage,
                std::to_string(level) + " (" + (level == 0 ? "idle" : "nice " + std::to_string(nice)) +
                    "): " + std::strerror(errno),
                kPriority, "a lower one, or root (CAP_SYS_NICE)");
}
#else
std::vector<unsigned> allowed_cpus() {
    return {};
}
Result<void> pin(unsigned) {
    return fail(ErrorKind::Usage, "threads cannot be pinned on this system", kAffinity);
}
Result<void> prioritise(unsigned) {
    return fail(ErrorKind::Usage, "threads have no priorities on this system", kPriority);
}
#endif

}  // namespace

CpuShare cpu_share() {
    return {allowed_cpus(), cpu_quota()};
}

Result<ThreadPlan> plan_threads(const DeviceOptions& options, const CpuShare& share) {
    ThreadPlan plan;
    const auto listed = static_cast<unsigned>(options.cpu_affinity.size());
    plan.threads = options.cpu_threads != 0 ? options.cpu_threads
                   : listed != 0            ? listed
                                            : usual_threads(share);
    if (plan.threads > kMaxThreads)
        return fail(ErrorKind::Usage, std::to_string(plan.threads) + " threads", "device cpu",
                    "at most " + std::to_string(kMaxThreads));
    if (listed != 0) {
        if (auto good = check_affinity(options.cpu_affinity, plan.threads, share); !good)
            return tl::unexpected(good.error());
        plan.cpus = options.cpu_affinity;
        plan.cpus.resize(plan.threads);
    }
    if (options.cpu_priority && *options.cpu_priority >= kNice.size())
        return fail(ErrorKind::Usage, std::to_string(*options.cpu_priority), kPriority, "0 to 5");
    plan.priority = options.cpu_priority;
    return plan;
}

Result<void> place_thread(const ThreadPlan& plan, unsigned number) {
    if (!plan.cpus.empty())
        if (auto pinned = pin(plan.cpus[number]); !pinned) return pinned;
    if (plan.priority) return prioritise(*plan.priority);
    return {};
}

}  // namespace lode::backend::cpu
