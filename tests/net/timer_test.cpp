#include "net/timer.h"

#include <memory>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <gtest/gtest.h>

#include "base/scope.h"

namespace lode::net {
namespace {

using namespace std::chrono_literals;

struct TimerTest : testing::Test {
    boost::asio::io_context io;
    int calls = 0;
};

TEST_F(TimerTest, RunsOnceAndNotFromWithin) {
    Timer timer(io.get_executor());
    timer.after(0ms, [&] { ++calls; });
    EXPECT_EQ(calls, 0);
    EXPECT_TRUE(timer.pending());
    io.run();
    EXPECT_EQ(calls, 1);
    EXPECT_FALSE(timer.pending());
}

// The wait has expired and its handler is queued when something else cancels it.
TEST_F(TimerTest, CancelledAfterItsTimeHasPassed) {
    Timer timer(io.get_executor());
    boost::asio::post(io, [&] { timer.cancel(); });
    timer.at(Timer::Clock::time_point::min(), [&] { ++calls; });
    io.run();
    EXPECT_EQ(calls, 0);
}

TEST_F(TimerTest, AnotherStartReplacesTheFirst) {
    Timer timer(io.get_executor());
    timer.after(0ms, [&] { calls += 1; });
    timer.after(0ms, [&] { calls += 10; });
    io.run();
    EXPECT_EQ(calls, 10);
}

TEST_F(TimerTest, NotCalledOnceItIsGone) {
    {
        Timer timer(io.get_executor());
        timer.after(0ms, [&] { ++calls; });
    }
    io.run();
    EXPECT_EQ(calls, 0);
}

TEST_F(TimerTest, ItsTaskMayDestroyIt) {
    auto timer = std::make_unique<Timer>(io.get_executor());
    timer->after(0ms, [&, kept = std::make_shared<int>(3)] {
        timer.reset();
        calls = *kept;  // what the task holds is still there
    });
    io.run();
    EXPECT_EQ(calls, 3);
}

TEST_F(TimerTest, AFarTimeDoesNotWrapAround) {
    Timer timer(io.get_executor());
    timer.after(Timer::Clock::duration::max(), [&] { ++calls; });
    io.run_for(5ms);
    EXPECT_EQ(calls, 0);
}

TEST(Scope, EndsWhatItGuards) {
    int calls = 0;
    std::optional<base::Scope> scope(std::in_place);
    auto before = scope->guard([&](int n) { calls += n; });
    before(1);
    scope->renew();
    before(10);
    auto after = scope->guard([&](int n) { calls += n; });
    after(100);
    scope->close();
    after(1000);
    EXPECT_TRUE(scope->closed());
    scope.reset();
    after(10000);
    EXPECT_EQ(calls, 101);
}

}  // namespace
}  // namespace lode::net
