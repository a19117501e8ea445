#include "source/failover.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "source/backoff.h"

namespace lode::source {
namespace {

class Failover;

// One attempt at one child: the sink that the child sees.
class Attempt : public JobSink {
 public:
    Attempt(Failover& owner, std::size_t index) : owner_(owner), index_(index) {}
    std::optional<Error> begin(const FailoverChild& child);
    void end() {
        ended_ = true;
        if (source_) source_->stop();
    }

    void publish(JobPtr job) override;
    void withdraw() override;
    void report(const Event& event) override;
    void give_up(const Error& error) override;

    [[nodiscard]] std::size_t index() const { return index_; }
    [[nodiscard]] WorkSource& source() { return *source_; }

 private:
    Failover& owner_;
    std::size_t index_;
    std::unique_ptr<WorkSource> source_;
    bool ended_ = false;  // what it still says is not heard
};

class Failover final : public WorkSource {
 public:
    Failover(std::vector<FailoverChild> children, FailoverOptions options,
             boost::asio::any_io_executor executor)
        : children_(std::move(children)),
          options_(options),
          executor_(executor),
          retry_(executor),
          probe_timer_(executor),
          backoff_(options.pause) {}

    std::string name() const override { return children_[active_ ? active_->index() : 0].name; }

    void start(JobSink& sink) override {
        sink_ = &sink;
        try_child(0);
    }

    void submit(const Solution& solution, SubmitCallback callback) override {
        if (!active_) return callback({Outcome::Status::Unknown, "no source is connected"});
        active_->source().submit(solution, std::move(callback));
    }

    void stop() override {
        stopped_ = true;
        retry_.cancel();
        probe_timer_.cancel();
        discard(probe_);
        discard(active_);
    }

    // From the attempts.
    void published(Attempt& attempt, JobPtr job) {
        if (&attempt == probe_.get()) {
            note(event::Severity::Info, "back to " + children_[attempt.index()].name);
            discard(active_);
            active_ = std::move(probe_);
            sink_->withdraw();  // what was found for the other one is not wanted here
        }
        backoff_.reset();
        rounds_ = 0;
        if (active_->index() == 0) {
            probe_timer_.cancel();
        } else if (!probing_) {
            probe_later();
        }
        sink_->publish(std::move(job));
    }
    void withdrawn(Attempt& attempt) {
        if (&attempt == active_.get()) sink_->withdraw();
    }
    void reported(const Event& event) { sink_->report(event); }
    void gave_up(Attempt& attempt, const Error& error) {
        const std::size_t index = attempt.index();
        if (&attempt == probe_.get()) return discard(probe_);  // as expected; the timer tries again
        note(event::Severity::Warning, error.text());
        last_error_ = error;
        discard(active_);
        sink_->withdraw();
        if (index + 1 < children_.size()) return try_child(index + 1);
        ++rounds_;
        if (options_.rounds >= 0 && rounds_ > options_.rounds) return sink_->give_up(last_error_);
        retry_.expires_after(backoff_.next());
        retry_.async_wait([this](const auto& failed) {
            if (!failed && !stopped_) try_child(0);
        });
    }

 private:
    void note(event::Severity severity, std::string text) {
        sink_->report(event::Message{severity, std::move(text)});
    }

    void try_child(std::size_t index) {
        if (index > 0) note(event::Severity::Warning, "failing over to " + children_[index].name);
        active_ = std::make_unique<Attempt>(*this, index);
        if (const auto error = active_->begin(children_[index])) {
            boost::asio::post(executor_, [this, error = *error] {
                if (active_ && !stopped_) gave_up(*active_, error);
            });
        }
    }

    // An attempt may be what calls us: it is destroyed once the stack is unwound.
    void discard(std::unique_ptr<Attempt>& attempt) {
        if (!attempt) return;
        attempt->end();
        boost::asio::post(executor_, [dead = std::shared_ptr<Attempt>(std::move(attempt))] {});
        attempt = nullptr;
    }

    // Tries the sources before the active one, one at a time, the first one most often.
    void probe_later() {
        probing_ = true;
        probe_timer_.expires_after(options_.probe_every);
        probe_timer_.async_wait([this](const auto& failed) {
            if (failed || stopped_ || !active_ || active_->index() == 0) {
                probing_ = false;
                return;
            }
            const std::size_t index = next_probe_++ % active_->index();
            probe_ = std::make_unique<Attempt>(*this, index);
            if (probe_->begin(children_[index])) discard(probe_);
            probe_timer_.expires_after(options_.probe_time);
            probe_timer_.async_wait([this](const auto& ended) {
                probing_ = false;
                if (stopped_) return;
                discard(probe_);
                if (!ended && active_ && active_->index() > 0) probe_later();
            });
        });
    }

    std::vector<FailoverChild> children_;
    FailoverOptions options_;
    boost::asio::any_io_executor executor_;
    boost::asio::steady_timer retry_, probe_timer_;
    Backoff backoff_;
    JobSink* sink_ = nullptr;
    std::unique_ptr<Attempt> active_, probe_;
    Error last_error_;
    int rounds_ = 0;
    std::size_t next_probe_ = 0;
    bool probing_ = false, stopped_ = false;
};

std::optional<Error> Attempt::begin(const FailoverChild& child) {
    auto made = child.make();
    if (!made) return made.error();
    source_ = std::move(*made);
    source_->start(*this);
    return std::nullopt;
}
void Attempt::publish(JobPtr job) {
    if (!ended_) owner_.published(*this, std::move(job));
}
void Attempt::withdraw() {
    if (!ended_) owner_.withdrawn(*this);
}
void Attempt::report(const Event& event) {
    if (!ended_) owner_.reported(event);
}
void Attempt::give_up(const Error& error) {
    if (!ended_) owner_.gave_up(*this, error);
}

}  // namespace

std::unique_ptr<WorkSource> make_failover(std::vector<FailoverChild> children, FailoverOptions options,
                                          boost::asio::any_io_executor executor) {
    return std::make_unique<Failover>(std::move(children), options, std::move(executor));
}

}  // namespace lode::source
