#include "source/failover/failover.h"

#include <map>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "support/fakes.h"

namespace lode::source {
namespace {

using namespace std::chrono_literals;
using testing::easy_job;

struct Sink : JobSink {
    std::vector<std::string> log, told;
    std::optional<Error> error;
    void publish(JobPtr job) override { log.push_back("job " + job->id); }
    void withdraw() override { log.push_back("withdraw"); }
    void report(const Event& event) override {
        if (const auto* lost = std::get_if<event::SourceLost>(&event)) {
            EXPECT_FALSE(lost->retry_in);
            told.push_back("lost " + lost->source + ": " + lost->error.text());
        }
        if (const auto* to = std::get_if<event::SourceSwitched>(&event))
            told.push_back((to->back ? "back from " : "over from ") + to->from + " to " + to->to);
    }
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

TEST_F(FailoverTest, FailsOverAndReturnsToTheFirst) {
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

// Each loss once, whoever reports it; of probes only that one has worked.
TEST_F(FailoverTest, ReportsLossesAndSwitches) {
    make({.probe_every = 5ms, .probe_time = 5ms});
    latest["first"]->sink->report(event::SourceLost{"first", gone(), {}});
    latest["first"]->sink->give_up(gone());
    latest["second"]->sink->publish(job(2));
    while (made["first"] < 2) run(5ms);
    latest["first"]->sink->report(event::SourceLost{"first", gone(), {}});
    latest["first"]->sink->give_up(gone());
    const int before = made["first"];
    while (made["first"] == before) run(1ms);
    latest["first"]->sink->publish(job(1));
    EXPECT_EQ(sink.told, (std::vector<std::string>{"lost first: refused", "over from first to second",
                                                   "back from second to first"}));
    latest["first"]->sink->give_up(gone());
    EXPECT_EQ(sink.told.back(), "over from first to second");
    EXPECT_EQ(sink.told.size(), 5u);  // and why
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

// Answers when told, or with Unknown from stop().
struct HoldingSource : testing::FakeSource {
    std::vector<SubmitCallback> held;
    HoldingSource() {
        on_submit = [this](const Solution&, SubmitCallback callback) { held.push_back(std::move(callback)); };
    }
    void stop() override {
        for (auto& callback : std::exchange(held, {})) callback({Outcome::Status::Unknown, "stopped"});
    }
};

// The first comes back while a new round is being waited for: that round is not begun, and nothing that was
// submitted goes without its answer.
TEST_F(FailoverTest, AProbeThatSucceedsEndsThePendingRetry) {
    std::vector<HoldingSource*> firsts;
    std::vector<FailoverChild> children;
    children.push_back({"first", [&]() -> Result<std::unique_ptr<WorkSource>> {
                            auto source = std::make_unique<HoldingSource>();
                            firsts.push_back(source.get());
                            return source;
                        }});
    testing::FakeSource* second = nullptr;
    children.push_back({"second", [&]() -> Result<std::unique_ptr<WorkSource>> {
                            auto source = std::make_unique<testing::FakeSource>();
                            second = source.get();
                            return source;
                        }});
    failover = make_failover(std::move(children), {.pause = 20ms, .probe_every = 1ms, .probe_time = 10s},
                             io.get_executor());
    failover->start(sink);
    firsts[0]->sink->give_up(gone());
    second->sink->publish(job(2));
    while (firsts.size() < 2) run(1ms);  // the probe
    second->sink->give_up(gone());       // the retry is pending now
    firsts[1]->sink->publish(job(1));
    std::vector<Outcome> outcomes;
    failover->submit({}, [&](const Outcome& o) { outcomes.push_back(o); });
    run(60ms);
    EXPECT_EQ(firsts.size(), 2u);  // no third
    EXPECT_EQ(failover->name(), "first");
    failover->stop();
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(outcomes[0].status, Outcome::Status::Unknown);
}

// A new round ends the probe of the one before: no two connections to one source.
TEST_F(FailoverTest, ARetryEndsTheProbe) {
    struct Counted : testing::FakeSource {
        explicit Counted(int& stops) : stops_(stops) {}
        void stop() override { ++stops_; }
        int& stops_;
    };
    int first_made = 0, first_stopped = 0;
    std::vector<FailoverChild> children;
    children.push_back({"first", [&]() -> Result<std::unique_ptr<WorkSource>> {
                            auto source = std::make_unique<Counted>(first_stopped);
                            latest["first"] = source.get();
                            ++first_made;
                            return source;
                        }});
    children.push_back({"second", [&]() -> Result<std::unique_ptr<WorkSource>> {
                            auto source = std::make_unique<testing::FakeSource>();
                            latest["second"] = source.get();
                            return source;
                        }});
    failover = make_failover(std::move(children), {.pause = 2ms, .probe_every = 1ms, .probe_time = 10s},
                             io.get_executor());
    failover->start(sink);
    latest["first"]->sink->give_up(gone());
    latest["second"]->sink->publish(job(2));
    while (first_made < 2) run(1ms);
    latest["second"]->sink->give_up(gone());
    while (first_made < 3) run(1ms);
    EXPECT_EQ(first_stopped, 2);
    failover->stop();
    EXPECT_EQ(first_stopped, 3);
}

// Run under AddressSanitizer: what is queued must not touch what is gone.
TEST_F(FailoverTest, MayBeDestroyedWithWorkPending) {
    std::vector<FailoverChild> children;
    children.push_back(
        {"broken", [] { return Result<std::unique_ptr<WorkSource>>(tl::unexpected(gone())); }});
    failover = make_failover(std::move(children), {.pause = 1ms}, io.get_executor());
    failover->start(sink);  // its failure is posted
    failover->stop();
    failover.reset();
    run(10ms);
    EXPECT_TRUE(sink.log.empty());
}

TEST_F(FailoverTest, NothingIsCalledFromWithinSubmitNorAfterStop) {
    make({.pause = 10s});
    latest["first"]->sink->give_up(gone());
    latest["second"]->sink->give_up(gone());
    int answers = 0;
    failover->submit({}, [&](const Outcome& o) {
        EXPECT_EQ(o.status, Outcome::Status::Unknown);
        ++answers;
    });
    EXPECT_EQ(answers, 0);
    run(5ms);
    EXPECT_EQ(answers, 1);
    failover->submit({}, [&](const Outcome&) { ++answers; });
    failover->stop();
    EXPECT_EQ(answers, 2);
    failover->stop();
    run(5ms);
    EXPECT_EQ(answers, 2);
}

TEST_F(FailoverTest, SubmissionsGoToTheActiveOne) {
    make({});
    latest["first"]->sink->publish(job(1));
    std::optional<Outcome> outcome;
    failover->submit({}, [&](const Outcome& o) { outcome = o; });
    ASSERT_TRUE(outcome);
    EXPECT_EQ(latest["first"]->submitted.size(), 1u);
    failover->stop();
    const auto said = sink.log;
    latest["first"]->sink->publish(job(2));  // what it still says is not heard
    EXPECT_EQ(sink.log, said);
}

}  // namespace
}  // namespace lode::source
