#include "backend/cpu/thread_plan.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#if defined(__linux__)
#include <sched.h>

#include <sys/resource.h>
#endif

namespace lode::backend::cpu {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

unsigned threads(const DeviceOptions& options, const CpuShare& share) {
    return plan_threads(options, share)->threads;
}

std::string error(const DeviceOptions& options, const CpuShare& share) {
    const auto plan = plan_threads(options, share);
    if (plan) return {};
    EXPECT_EQ(plan.error().kind, ErrorKind::Usage);
    return plan.error().text();
}

DeviceOptions pinned(std::vector<unsigned> cpus, unsigned count = 0) {
    DeviceOptions options;
    options.cpu_threads = count;
    options.cpu_affinity = std::move(cpus);
    return options;
}

const CpuShare kFour{{0, 1, 2, 5}};

TEST(ThreadPlan, OneForEachAllowedCpu) {
    const auto plan = plan_threads({}, kFour);
    EXPECT_EQ(plan->threads, 4u);
    EXPECT_THAT(plan->cpus, IsEmpty());
    EXPECT_EQ(plan->priority, std::nullopt);
    EXPECT_GE(threads({}, {}), 1u);
}

TEST(ThreadPlan, AQuotaCounts) {
    EXPECT_EQ(threads({}, {{0, 1, 2, 3}, 2}), 2u);
    EXPECT_EQ(threads({}, {{0, 1, 2, 3}, 1.5}), 2u);
    EXPECT_EQ(threads({}, {{0, 1, 2, 3}, 0.2}), 1u);
    EXPECT_EQ(threads({}, {{0, 1, 2, 3}, 64}), 4u);
    DeviceOptions three;
    three.cpu_threads = 3;
    EXPECT_EQ(threads(three, {{0, 1, 2, 3}, 1}), 3u) << "asked for";
}

TEST(ThreadPlan, AThreadForEachListedCpu) {
    EXPECT_THAT(plan_threads(pinned({5, 0}), kFour)->cpus, ElementsAre(5, 0));
    EXPECT_EQ(threads(pinned({5, 0}), kFour), 2u);
    EXPECT_EQ(threads(pinned({5, 0}), {{0, 5}, 1}), 2u);
    EXPECT_THAT(plan_threads(pinned({5, 0}, 1), kFour)->cpus, ElementsAre(5));
    EXPECT_THAT(plan_threads(pinned({9}), {})->cpus, ElementsAre(9)) << "what is allowed is unknown";
}

TEST(ThreadPlan, WhatCannotBeIsOneError) {
    EXPECT_EQ(error(pinned({0, 3}), kFour),
              "CPU affinity: CPU 3 is not one that this process may run on (expected: of 0-2,5)");
    EXPECT_THAT(error(pinned({0, 0}), kFour), HasSubstr("CPU 0 is listed twice"));
    EXPECT_EQ(error(pinned({0, 1}, 3), kFour),
              "CPU affinity: a list of 2 for 3 threads (expected: a CPU for each thread)");
    DeviceOptions options;
    options.cpu_priority = 6;
    EXPECT_EQ(error(options, kFour), "CPU priority: 6 (expected: 0 to 5)");
    options.cpu_priority.reset();
    options.cpu_threads = 4097;
    EXPECT_THAT(error(options, kFour), HasSubstr("at most 4096"));
}

#if defined(__linux__)
// On threads of their own, which end with what was changed.
template <typename Look>
void on_a_thread(const ThreadPlan& plan, unsigned number, Look look) {
    std::thread([&] {
        const auto placed = place_thread(plan, number);
        ASSERT_TRUE(placed) << placed.error().text();
        look();
    }).join();
}

TEST(ThreadPlan, ThreadsArePinned) {
    const auto allowed = cpu_share().allowed;
    ASSERT_FALSE(allowed.empty());
    const ThreadPlan plan{2, {allowed.back(), allowed.front()}, std::nullopt};
    for (const unsigned number : {0u, 1u})
        on_a_thread(plan, number, [&] { EXPECT_THAT(cpu_share().allowed, ElementsAre(plan.cpus[number])); });
    EXPECT_EQ(cpu_share().allowed, allowed) << "of this thread";
}

TEST(ThreadPlan, ThreadsHaveAPriority) {
    on_a_thread({1, {}, 0}, 0, [] { EXPECT_EQ(sched_getscheduler(0), SCHED_IDLE); });
    if (getpriority(PRIO_PROCESS, 0) <= 5)
        on_a_thread({1, {}, 1}, 0, [] { EXPECT_EQ(getpriority(PRIO_PROCESS, 0), 5); });
    EXPECT_NE(sched_getscheduler(0), SCHED_IDLE);
}

TEST(ThreadPlan, ARefusalIsSaid) {
    const ThreadPlan nowhere{1, {60000}, std::nullopt};
    std::thread([&] {
        const auto placed = place_thread(nowhere, 0);
        ASSERT_FALSE(placed);
        EXPECT_THAT(placed.error().text(), HasSubstr("CPU affinity: CPU 60000: "));
    }).join();
}
#endif

}  // namespace
}  // namespace lode::backend::cpu
