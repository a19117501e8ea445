#include "source/failover.h"

#include <map>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "source/backoff.h"
#include "support/fakes.h"

namespace lode::source {
namespace {

using namespace std::chrono_literals;
using testing::easy_job;

struct Sink : JobSink {
    std::vector<std::string> log;
    std::optional<Error> error;
    void publish(JobPtr job) override { log.push_back("job " + job->id); }
    void withdraw() override { log.push_back("withdraw"); }
    void report(const Event&) override {}
    void give_up(const Error& e) override { error = e; }
};

// Children that are told from outside when to publish and when to give up.
struct FailoverTest : ::testing::Test {
    boost::asio::io_context io;
    Sink sink;
    std::map<std::string, int> made;
    std::map<std::string, testing::FakeSource*> latest;
    std::unique_ptr<WorkSource> failover;

    void make(FailoverOptions options) {
        std::vector<FailoverChild> children;
        for (const std::string name : {"first", "second"})
            children.push_back({name, [this, name]() -> Result<std::unique_ptr<WorkSource>> {
                                    auto source = std::make_unique<testing::FakeSource>();
                                    latest[name] = source.get();
                                    ++made[name];
                                    return source;
                                }});
        failover = make_failover(std::move(children), options, io.get_executor());
        failover->start(sink);
    }
    void run(std::chrono::milliseconds time) {
        io.restart();
        io.run_for(time);
    }
    static JobPtr job(std::uint8_t id) { return work::seal(easy_job(4, 8, id)); }
    static Error gone() { return {ErrorKind::Unreachable, "refused", {}, {}}; }
};

TEST_F(FailoverTest, TakesTheNextAndComesBackToTheFirst) {
    make({.probe_every = 5ms, .probe_time = 50ms});
    latest["first"]->sink->give_up(gone());
    ASSERT_EQ(made["second"], 1);
    EXPECT_EQ(failover->name(), "second");
    latest["second"]->sink->publish(job(2));
    while (made["first"] < 2) run(5ms);
    EXPECT_EQ(failover->name(), "second");  // a probe is not yet a switch
    latest["first"]->sink->publish(job(1));
    EXPECT_EQ(failover->name(), "first");
    EXPECT_EQ(sink.log, (std::vector<std::string>{"withdraw", "job 2", "withdraw", "job 1"}));
    run(30ms);
    EXPECT_EQ(made["first"], 2);  // no more probes
    failover->stop();
}

TEST_F(FailoverTest, ProbesGoOnWhileTheFirstIsSilent) {
    make({.probe_every = 2ms, .probe_time = 2ms});
    latest["first"]->sink->give_up(gone());
    latest["second"]->sink->publish(job(2));
    while (made["first"] < 4) run(5ms);
    EXPECT_EQ(sink.log, (std::vector<std::string>{"withdraw", "job 2"}));
    failover->stop();
    run(10ms);
}

TEST_F(FailoverTest, GivesUpAfterItsRounds) {
    make({.rounds = 1, .pause = 1ms});
    while (!sink.error) {
        latest["first"]->sink->give_up(gone());
        latest["second"]->sink->give_up(gone());
        run(20ms);
    }
    EXPECT_EQ(made["first"], 2);
    EXPECT_EQ(sink.error->kind, ErrorKind::Unreachable);
}

TEST_F(FailoverTest, SubmissionsGoToTheActiveOne) {
    make({});
    latest["first"]->sink->publish(job(1));
    std::optional<Outcome> outcome;
    failover->submit({}, [&](const Outcome& o) { outcome = o; });
    ASSERT_TRUE(outcome);
    EXPECT_EQ(latest["first"]->submitted.size(), 1u);
    failover->stop();
}

TEST(Backoff, DoublesToItsLimitWithJitter) {
    Backoff backoff(100ms, 1s);
    for (const double step : {100.0, 200.0, 400.0, 800.0, 1000.0, 1000.0}) {
        const auto pause = static_cast<double>(backoff.next().count());
        EXPECT_GE(pause, 0.74 * step);
        EXPECT_LE(pause, 1.26 * step);
    }
    backoff.reset();
    EXPECT_LE(backoff.next(), 126ms);
}

}  // namespace
}  // namespace lode::source
