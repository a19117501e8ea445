#include "source/switch/switch_source.h"

#include <utility>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "support/fakes.h"

namespace lode::source {
namespace {

using namespace std::chrono_literals;
using testing::easy_job;

// Answers when told, or with Unknown from stop().
class HoldingSource final : public WorkSource {
 public:
    HoldingSource(std::string name, int& alive) : name_(std::move(name)), alive_(alive) { ++alive_; }
    ~HoldingSource() override { --alive_; }
    std::string name() const override { return name_; }
    void start(JobSink& to) override { sink = &to; }
    void submit(const Solution& solution, SubmitCallback callback) override {
        got.push_back(solution.job->id);
        held.push_back(std::move(callback));
    }
    void stop() override {
        for (auto& callback : std::exchange(held, {})) callback({Outcome::Status::Unknown, "stopped"});
    }
    void answer() {
        for (auto& callback : std::exchange(held, {})) callback({Outcome::Status::Accepted, {}});
    }

    JobSink* sink = nullptr;
    std::vector<std::string> got;
    std::vector<SubmitCallback> held;

 private:
    std::string name_;
    int& alive_;
};

struct SwitchTest : ::testing::Test, JobSink {
    boost::asio::io_context io;
    std::vector<std::string> log;
    std::vector<Outcome> outcomes;
    int alive = 0;
    HoldingSource *first = nullptr, *second = nullptr;
    std::unique_ptr<SwitchSource> source;

    SwitchTest() {
        auto made = make("first", first);
        source = std::make_unique<SwitchSource>(
            std::move(made), SwitchOptions{.stays = 5ms, .answers_within = 10s, .look_every = 1ms},
            io.get_executor());
        source->start(*this);
    }
    std::unique_ptr<WorkSource> make(const std::string& name, HoldingSource*& out) {
        auto made = std::make_unique<HoldingSource>(name, alive);
        out = made.get();
        return made;
    }
    void use_second() { source->use(make("second", second)); }

    void publish(JobPtr job) override { log.push_back("job " + job->id); }
    void take_over(JobPtr job) override { log.push_back("take over " + job->id); }
    void withdraw() override { log.emplace_back("withdraw"); }
    void report(const Event& event) override {
        if (const auto* to = std::get_if<event::SourceSwitched>(&event))
            log.push_back(to->from + " to " + to->to + (to->asked ? ", asked" : ""));
        if (const auto* lost = std::get_if<event::SourceLost>(&event)) log.push_back("lost " + lost->source);
        if (const auto* message = std::get_if<event::Message>(&event)) log.push_back(message->text);
    }
    void give_up(const Error& e) override { log.push_back("give up: " + e.what); }

    void run(std::chrono::milliseconds time) {
        io.restart();
        io.run_for(time);
    }
    static JobPtr job(std::uint8_t id) { return work::seal(easy_job(4, 8, id)); }
    void submit(const JobPtr& job) {
        Solution solution;
        solution.job = job;
        source->submit(solution, [this](const Outcome& outcome) { outcomes.push_back(outcome); });
    }
    static Error gone() { return {ErrorKind::Unreachable, "refused", {}, {}}; }
};

TEST_F(SwitchTest, TheFormerSourceIsMinedUntilTheNextHasAJob) {
    first->sink->publish(job(1));
    use_second();
    first->sink->publish(job(2));
    EXPECT_EQ(source->name(), "first");
    second->sink->publish(job(3));
    EXPECT_EQ(source->name(), "second");
    first->sink->publish(job(4));  // not mined any more
    first->sink->withdraw();
    second->sink->publish(job(5));
    EXPECT_EQ(log,
              (std::vector<std::string>{"job 1", "job 2", "first to second, asked", "take over 3", "job 5"}));
}

TEST_F(SwitchTest, SolutionsGoToTheSourceOfTheirJob) {
    const auto early = job(1), late = job(2);
    first->sink->publish(early);
    submit(early);
    use_second();
    second->sink->publish(late);
    submit(late);
    submit(early);  // what a device still found
    EXPECT_EQ(first->got, (std::vector<std::string>{"1", "1"}));
    EXPECT_EQ(second->got, std::vector<std::string>{"2"});
    run(30ms);
    EXPECT_EQ(alive, 2);  // answers are outstanding
    first->answer();
    run(30ms);
    EXPECT_EQ(alive, 1);
    ASSERT_EQ(outcomes.size(), 2u);
    EXPECT_EQ(outcomes[1].status, Outcome::Status::Accepted);
    submit(early);  // too late
    run(5ms);
    EXPECT_EQ(outcomes.back().status, Outcome::Status::Stale);
}

TEST_F(SwitchTest, ANextSourceThatGivesUpChangesNothing) {
    first->sink->publish(job(1));
    use_second();
    second->sink->report(event::SourceLost{"second", gone(), {}});
    second->sink->give_up(gone());
    run(5ms);
    EXPECT_EQ(alive, 1);
    first->sink->publish(job(2));
    EXPECT_EQ(log, (std::vector<std::string>{"job 1", "second: refused; still mining at first",
                                             "not switched to second: refused; still at first", "job 2"}));
}

TEST_F(SwitchTest, WhereTheFormerGivesUpMeanwhileTheNextDecides) {
    use_second();
    first->sink->give_up(gone());
    EXPECT_EQ(log, (std::vector<std::string>{"lost first", "withdraw"}));
    second->sink->give_up(gone());
    EXPECT_EQ(log.back(), "give up: refused");
}

TEST_F(SwitchTest, ALaterChoiceReplacesAnEarlierOne) {
    use_second();
    auto* const never = second;
    use_second();
    never->sink->publish(job(1));
    EXPECT_TRUE(log.empty());
    run(5ms);
    EXPECT_EQ(alive, 2);
    second->sink->publish(job(2));
    EXPECT_EQ(log.back(), "take over 2");
}

TEST_F(SwitchTest, StopAnswersEverybody) {
    const auto early = job(1), late = job(2);
    first->sink->publish(early);
    submit(early);
    use_second();
    second->sink->publish(late);
    submit(late);
    source->stop();
    ASSERT_EQ(outcomes.size(), 2u);
    EXPECT_EQ(outcomes[0].status, Outcome::Status::Unknown);
    source->use(nullptr);  // nothing begins after the end
}

}  // namespace
}  // namespace lode::source
