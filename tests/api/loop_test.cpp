#include "lode/loop.h"

#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace lode {
namespace {

using namespace std::chrono_literals;

TEST(Loop, RunsPostedTasksInOrderOnTheThreadThatRunsIt) {
    Loop loop;
    std::vector<int> order;
    std::thread::id ran_on;
    std::thread other([&] {
        for (int i = 0; i < 3; ++i) loop.post([&order, i] { order.push_back(i); });
        loop.post([&] {
            ran_on = std::this_thread::get_id();
            loop.stop();
        });
    });
    loop.run();
    other.join();
    EXPECT_EQ(order, (std::vector{0, 1, 2}));
    EXPECT_EQ(ran_on, std::this_thread::get_id());
}

TEST(Loop, RunsAgainAfterStop) {
    Loop loop;
    int runs = 0;
    for (int i = 0; i < 2; ++i) {
        loop.post([&] {
            ++runs;
            loop.stop();
        });
        loop.run();
    }
    EXPECT_EQ(runs, 2);
}

TEST(Loop, APosterThatOutlivesItDoesNothing) {
    std::optional<Loop> loop(std::in_place);
    const auto post = loop->poster();
    loop.reset();
    post([] { FAIL(); });
}

TEST(Loop, DrainEndsWhenNothingIsLeft) {
    Loop loop;
    bool ran = false;
    loop.post([&] { ran = true; });
    loop.drain(1h);  // would never return if it waited for more
    EXPECT_TRUE(ran);
}

TEST(Timer, RunsOnceAfterItsTime) {
    Loop loop;
    Timer timer(loop);
    int runs = 0;
    const auto start = std::chrono::steady_clock::now();
    timer.after(20ms, [&] { ++runs; });
    loop.drain(1h);
    EXPECT_EQ(runs, 1);
    EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);
}

TEST(Timer, CallsNothingAfterCancelOrItsEnd) {
    Loop loop;
    Timer cancelled(loop);
    cancelled.after(0ms, [] { FAIL(); });
    auto ended = std::make_unique<Timer>(loop);
    ended->after(0ms, [] { FAIL(); });
    cancelled.cancel();
    ended.reset();
    loop.drain(1h);
}

TEST(Timer, TakesATimeThatTheClockCannotReach) {
    Loop loop;
    Timer timer(loop);
    timer.after(Loop::Duration::max(), [] { FAIL(); });
    loop.drain(20ms);
}

}  // namespace
}  // namespace lode
