#include "source/judged/judged_source.h"

#include <map>
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/core.h>

#include "base/scope.h"
#include "net/timer.h"
#include "source/judged/unconfirmed_blocks.h"
#include "util/clock.h"
#include "util/hex.h"
#include "work/judge.h"

namespace lode::source {
namespace {

using work::Asked;
using work::JobStatus;
using Clock = net::Timer::Clock;
using Severity = event::Severity;

// The sink of the inner source, and a source itself.
class JudgedSource final : public WorkSource, private JobSink {
 public:
    JudgedSource(std::unique_ptr<WorkSource> inner, std::shared_ptr<ChainWatches> watches,
                 JudgeOptions options, const boost::asio::any_io_executor& executor)
        : inner_(std::move(inner)),
          watches_(std::move(watches)),
          options_(options),
          executor_(executor),
          grace_timer_(executor) {}
    ~JudgedSource() override { stop(); }

    std::string name() const override { return inner_->name(); }
    void start(JobSink& sink) override {
        sink_ = &sink;
        inner_->start(*this);
    }
    void submit(const Solution& solution, SubmitCallback callback) override {
        unconfirmed_.sent(solution);
        inner_->submit(solution, std::move(callback));
    }
    void hashrate(double rate) override { inner_->hashrate(rate); }
    void stop() override {
        if (scope_.closed()) return;
        scope_.close();
        drop_job();
        subscription_.reset();
        std::string counts;
        for (const auto& [status, count] : counts_)
            counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, work::name_of(status));
        if (!counts.empty()) say(Severity::Info, "jobs judged: " + counts);
        inner_->stop();
    }

 private:
    void publish(JobPtr job) override {
        drop_job();
        if (const auto confirmed = unconfirmed_.built_on(*job)) sink_->report(*confirmed);
        if (scope_.closed()) return;
        auto watch = watches_->of(job->network, job->signet_challenge);
        if (!watch) {
            if (watch.error().kind == ErrorKind::Usage || watch.error().kind == ErrorKind::Storage)
                return end(watch.error());
            say(Severity::Warning, "jobs are not judged: " + watch.error().text());
        }
        follow(watch ? *watch : nullptr);
        if (watch_ == nullptr) return sink_->publish(std::move(job));
        job_ = std::move(job);
        since_ = Clock::now();
        // A job may arrive long after the successor of its block: then its grace period is over.
        if (behind()) since_ = watch_->followed_at(job_->prev).value_or(since_);
        asked_ = Clock::now() >= since_ + options_.grace ? answer_of_peers() : Asked::NotYet;
        decide(true);
    }
    void withdraw() override {
        drop_job();
        sink_->withdraw();
    }
    void report(const Event& event) override { sink_->report(event); }
    void give_up(const Error& error) override {
        drop_job();
        sink_->give_up(error);
    }

    void say(Severity severity, std::string text) {
        sink_->report(event::Message{severity, std::move(text)});
    }

    void drop_job() {
        grace_timer_.cancel();
        job_.reset();
        status_.reset();
        held_ = false;
    }

    void follow(ChainWatch* watch) {
        if (watch_ == watch) return;
        watch_ = watch;
        subscription_ = watch_ ? watch_->subscribe([this] { tip_moved(); }) : nullptr;
    }

    void decide(bool fresh) {
        const auto judgement = work::judge(watch_->tree(), *job_, util::unix_time(), asked_);
        behind_ = judgement.status == JobStatus::Behind;
        if (status_ != judgement.status) {
            status_ = judgement.status;
            ++counts_[judgement.status];
            sink_->report(
                event::Judgement{job_, std::string(work::name_of(judgement.status)), judgement.detail});
            if (scope_.closed()) return;
        }
        if (work::passing(judgement.status) && asked_ == Asked::NotYet) await_grace();
        if (options_.on_bad_job == OnBadJob::Warn || !bad(judgement.status)) {
            if (fresh || std::exchange(held_, false)) sink_->publish(job_);
            return;
        }
        if (options_.on_bad_job == OnBadJob::Failover)
            return end(Error{ErrorKind::Refused,
                             fmt::format("job {} is {}: {}", util::printable(job_->id, 40),
                                         work::name_of(judgement.status), judgement.detail),
                             name(), "a job on the tip"});
        if (!std::exchange(held_, true)) {
            say(Severity::Warning, "paused until a job is on the tip");
            if (!scope_.closed()) sink_->withdraw();
        }
    }

    // Ahead is never bad: if no peer can be asked, our tree may just be incomplete.
    [[nodiscard]] bool bad(JobStatus status) const {
        if (status == JobStatus::Behind) return asked_ != Asked::NotYet;
        return status != JobStatus::Tip && status != JobStatus::Ahead;
    }

    // A new block makes every job briefly one behind, which is not reported until the grace period is over.
    // It starts when the job fell behind, however many blocks follow.
    void tip_moved() {
        for (const auto& confirmed : unconfirmed_.in(watch_->tree())) sink_->report(confirmed);
        if (!job_) return;
        const bool was_behind = std::exchange(behind_, behind());
        if (behind_ && was_behind && grace_timer_.pending()) return;
        if (behind_ && was_behind) return decide(false);
        grace_timer_.cancel();
        since_ = Clock::now();
        asked_ = Asked::NotYet;
        if (behind_) return await_grace();
        decide(false);
    }
    [[nodiscard]] bool behind() const {
        return work::judge(watch_->tree(), *job_, util::unix_time(), Asked::NotYet).status ==
               JobStatus::Behind;
    }

    void await_grace() {
        grace_timer_.at(since_ + options_.ask_after, [this] {
            watch_->ask();
            grace_timer_.at(since_ + options_.grace, [this] {
                asked_ = answer_of_peers();
                decide(false);
            });
        });
    }
    [[nodiscard]] Asked answer_of_peers() const {
        return watch_->synced() ? Asked::PeersLackIt : Asked::NoPeers;
    }

    // The inner source is inside publish(), so it is stopped later, from a posted task.
    void end(const Error& error) {
        drop_job();
        boost::asio::post(executor_, scope_.guard([this, error] {
            stop();
            sink_->give_up(error);
        }));
    }

    std::unique_ptr<WorkSource> inner_;
    std::shared_ptr<ChainWatches> watches_;
    JudgeOptions options_;
    boost::asio::any_io_executor executor_;
    net::Timer grace_timer_;
    JobSink* sink_ = nullptr;
    ChainWatch* watch_ = nullptr;  // of the job's network; null: nothing to judge by
    std::shared_ptr<ChainWatch::Moved> subscription_;
    JobPtr job_;
    Clock::time_point since_;  // start of the grace period: when the job arrived or fell behind
    bool behind_ = false;      // at the last check
    Asked asked_ = Asked::NotYet;
    std::optional<JobStatus> status_;  // last reported
    std::map<JobStatus, std::uint64_t> counts_;
    bool held_ = false;  // not mined, since it is bad
    UnconfirmedBlocks unconfirmed_;
    base::Scope scope_;
};

}  // namespace

std::unique_ptr<WorkSource> make_judged(std::unique_ptr<WorkSource> inner,
                                        std::shared_ptr<ChainWatches> watches, JudgeOptions options,
                                        const boost::asio::any_io_executor& executor) {
    return std::make_unique<JudgedSource>(std::move(inner), std::move(watches), options, executor);
}

}  // namespace lode::source
