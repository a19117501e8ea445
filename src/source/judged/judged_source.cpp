#include "source/judged/judged_source.h"

#include <map>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/core.h>

#include "chain/judge.h"
#include "util/hex.h"

namespace lode::source {
namespace {

namespace asio = boost::asio;
using chain::Asked;
using chain::Verdict;
using Severity = event::Severity;

std::int64_t unix_time() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

// The source's sink, and a source itself.
class JudgedSource final : public WorkSource, private JobSink {
 public:
    JudgedSource(std::unique_ptr<WorkSource> inner, std::shared_ptr<ChainWatches> watches,
                 JudgeOptions options, const asio::any_io_executor& executor)
        : inner_(std::move(inner)),
          watches_(std::move(watches)),
          options_(options),
          executor_(executor),
          timer_(executor) {}

    std::string name() const override { return inner_->name(); }
    void start(JobSink& sink) override {
        sink_ = &sink;
        inner_->start(*this);
    }
    void submit(const Solution& solution, SubmitCallback callback) override {
        inner_->submit(solution, std::move(callback));
    }
    void stop() override {
        if (std::exchange(stopped_, true)) return;
        forget();
        alive_.reset();
        std::string counts;
        for (const auto& [verdict, count] : counts_)
            counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, chain::name_of(verdict));
        if (!counts.empty()) say(Severity::Info, "jobs judged: " + counts);
        inner_->stop();
    }

 private:
    void publish(JobPtr job) override {
        if (stopped_) return;
        forget();
        auto watch = watches_->of(job->network);
        if (!watch) {
            if (watch.error().kind == ErrorKind::Usage || watch.error().kind == ErrorKind::Storage)
                return end(watch.error());
            say(Severity::Warning, "jobs are not judged: " + watch.error().text());
        }
        if (!watch || *watch == nullptr) return sink_->publish(std::move(job));
        watch_ = *watch;
        job_ = std::move(job);
        if (!subscription_) subscription_ = watch_->subscribe([this] { tip_moved(); });
        asked_ = Asked::NotYet;
        verdict_.reset();
        decide(true);
    }
    void withdraw() override {
        forget();
        sink_->withdraw();
    }
    void report(const Event& event) override { sink_->report(event); }
    void give_up(const Error& error) override {
        forget();
        sink_->give_up(error);
    }

    void say(Severity severity, std::string text) {
        sink_->report(event::Message{severity, std::move(text)});
    }

    void forget() {
        timer_.cancel();
        job_.reset();
        held_ = false;
    }

    void decide(bool fresh) {
        const auto judgement = chain::judge(watch_->tree(), *job_, unix_time(), asked_);
        if (verdict_ != judgement.verdict) {
            verdict_ = judgement.verdict;
            ++counts_[judgement.verdict];
            sink_->report(
                event::Judgement{job_, std::string(chain::name_of(judgement.verdict)), judgement.detail});
        }
        if (chain::passing(judgement.verdict) && asked_ == Asked::NotYet) wait();
        if (options_.on_bad_job == OnBadJob::Warn || !bad(judgement.verdict)) {
            if (fresh || std::exchange(held_, false)) sink_->publish(job_);
            return;
        }
        if (options_.on_bad_job == OnBadJob::Failover)
            return end(Error{ErrorKind::Refused,
                             fmt::format("job {} is {}: {}", util::printable(job_->id, 40),
                                         chain::name_of(judgement.verdict), judgement.detail),
                             name(), "a job on the tip"});
        if (!std::exchange(held_, true)) {
            say(Severity::Warning, "paused until the job is a better one");
            sink_->withdraw();
        }
    }

    // Ahead where there is nobody to ask is the tree's own ignorance.
    [[nodiscard]] bool bad(Verdict verdict) const {
        if (verdict == Verdict::Behind) return asked_ != Asked::NotYet;
        return verdict != Verdict::Tip && verdict != Verdict::Ahead;
    }

    // A new block makes every job one behind for a moment: no news before the grace is over.
    void tip_moved() {
        if (!job_ || stopped_) return;
        asked_ = Asked::NotYet;
        if (chain::judge(watch_->tree(), *job_, unix_time(), asked_).verdict == Verdict::Behind)
            return wait();
        decide(false);
    }

    void wait() {
        later(options_.ask_after, [this] {
            watch_->ask();
            later(options_.grace - options_.ask_after, [this] {
                asked_ = watch_->level() ? Asked::InVain : Asked::Nobody;
                decide(false);
            });
        });
    }

    void later(std::chrono::milliseconds time, std::function<void()> task) {
        timer_.expires_after(time);
        timer_.async_wait([this, task = std::move(task), job = job_,
                           alive = std::weak_ptr<int>(alive_)](boost::system::error_code error) {
            if (!error && alive.lock() && job_ == job) task();
        });
    }

    // The inner source is in the middle of publish(): it is stopped when it is out of it.
    void end(const Error& error) {
        forget();
        asio::post(executor_, [this, error, alive = std::weak_ptr<int>(alive_)] {
            if (!alive.lock()) return;
            stop();
            sink_->give_up(error);
        });
    }

    std::unique_ptr<WorkSource> inner_;
    std::shared_ptr<ChainWatches> watches_;
    JudgeOptions options_;
    asio::any_io_executor executor_;
    asio::steady_timer timer_;
    JobSink* sink_ = nullptr;
    ChainWatch* watch_ = nullptr;
    std::shared_ptr<ChainWatch::Moved> subscription_;
    JobPtr job_;
    Asked asked_ = Asked::NotYet;
    std::optional<Verdict> verdict_;
    std::map<Verdict, std::uint64_t> counts_;
    bool held_ = false, stopped_ = false;
    std::shared_ptr<int> alive_ = std::make_shared<int>();
};

}  // namespace

std::unique_ptr<WorkSource> make_judged(std::unique_ptr<WorkSource> inner,
                                        std::shared_ptr<ChainWatches> watches, JudgeOptions options,
                                        const asio::any_io_executor& executor) {
    return std::make_unique<JudgedSource>(std::move(inner), std::move(watches), options, executor);
}

}  // namespace lode::source
