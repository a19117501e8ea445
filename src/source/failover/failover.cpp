#include "source/failover/failover.h"

#include <optional>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>

#include "base/scope.h"
#include "net/backoff.h"
#include "net/timer.h"
#include "source/posted_answers.h"

namespace lode::source {
namespace {

class Failover;

// A child in use or being probed, and the sink for its callbacks.
class Child final : public JobSink {
 public:
    Child(Failover& owner, std::size_t index) : owner_(owner), index_(index) {}
    std::optional<Error> start(const FailoverChild& description);
    // Its submissions are still answered; its other callbacks are ignored.
    void end() {
        ended_ = true;
        if (source_) source_->stop();
    }

    void publish(JobPtr job) override;
    void withdraw() override;
    void report(const Event& event) override;
    void give_up(const Error& error) override;

    [[nodiscard]] std::size_t index() const { return index_; }
    // Whether it has reported the loss itself.
    [[nodiscard]] bool reported_loss() const { return reported_loss_; }
    // Null if it could not be created.
    [[nodiscard]] WorkSource* source() { return source_.get(); }
    void hashrate(double rate) {
        if (source_ && rate > 0) source_->hashrate(rate);
    }

 private:
    Failover& owner_;
    std::size_t index_;
    std::unique_ptr<WorkSource> source_;
    bool ended_ = false, reported_loss_ = false;
};

class Failover final : public WorkSource {
 public:
    Failover(std::vector<FailoverChild> children, FailoverOptions options,
             const boost::asio::any_io_executor& executor)
        : children_(std::move(children)),
          options_(options),
          executor_(executor),
          retry_timer_(executor),
          probe_timer_(executor),
          backoff_(options.pause),
          answers_(executor) {}
    ~Failover() override { stop(); }

    std::string name() const override { return children_[active_ ? active_->index() : 0].name; }

    void start(JobSink& sink) override {
        sink_ = &sink;
        use(0);
    }

    void submit(const Solution& solution, SubmitCallback callback) override {
        if (!active_ || active_->source() == nullptr)
            return answers_.post(std::move(callback), {Outcome::Status::Unknown, "no source is connected"});
        active_->source()->submit(solution, std::move(callback));
    }

    void hashrate(double rate) override {
        hashrate_ = rate;
        for (const auto& attempt : {active_.get(), probe_.get()})
            if (attempt) attempt->hashrate(rate);
    }

    void stop() override {
        if (scope_.closed()) return;
        scope_.close();
        retry_timer_.cancel();
        probe_timer_.cancel();
        if (probe_) probe_->end();
        if (active_) active_->end();
        answers_.stop();
    }

    // From the children.
    [[nodiscard]] double last_hashrate() const { return hashrate_; }
    void published(Child& child, JobPtr job) {
        if (&child == probe_.get()) {
            sink_->report(event::SourceSwitched{name(), children_[child.index()].name, true});
            if (scope_.closed()) return;
            retry_timer_.cancel();
            discard(active_);
            active_ = std::move(probe_);
            sink_->withdraw();  // solutions of the other source are not submitted to this one
            if (scope_.closed()) return;
        }
        backoff_.reset();
        failed_rounds_ = 0;
        if (active_->index() == 0)
            stop_probing();
        else if (!probe_timer_.pending())
            probe_later();
        sink_->publish(std::move(job));
    }
    void withdrawn(Child& child) {
        if (&child == active_.get()) sink_->withdraw();
    }
    // A probe that connects or fails changes nothing yet.
    void reported(const Child& child, const Event& event) {
        const bool link = std::holds_alternative<event::SourceConnected>(event) ||
                          std::holds_alternative<event::SourceLost>(event);
        if (&child != probe_.get() || !link) sink_->report(event);
    }
    void gave_up(Child& child, const Error& error) {
        if (&child == probe_.get()) return discard(probe_);  // as expected; the timer tries again
        const std::size_t next = child.index() + 1;
        if (!child.reported_loss())
            sink_->report(event::SourceLost{children_[child.index()].name, error, {}});
        if (scope_.closed()) return;
        discard(active_);
        sink_->withdraw();
        if (scope_.closed()) return;
        if (next < children_.size()) return use(next);
        ++failed_rounds_;
        if (options_.rounds >= 0 && failed_rounds_ > options_.rounds) return sink_->give_up(error);
        retry_timer_.after(backoff_.next(), [this] {
            stop_probing();
            use(0);
        });
    }

 private:
    void use(std::size_t index) {
        if (index > 0)
            sink_->report(event::SourceSwitched{children_[index - 1].name, children_[index].name, false});
        if (scope_.closed()) return;
        active_ = std::make_unique<Child>(*this, index);
        const auto error = active_->start(children_[index]);
        if (!error) return;
        boost::asio::post(executor_, scope_.guard([this, child = active_.get(), error = *error] {
            if (child == active_.get()) gave_up(*child, error);
        }));
    }

    // A child may be the caller, so it is destroyed later, from a posted task.
    void discard(std::unique_ptr<Child>& child) {
        if (!child) return;
        child->end();
        discarded_.push_back(std::move(child));
        boost::asio::post(executor_, scope_.guard([this] { discarded_.clear(); }));
    }

    // Tries the children before the active one, one at a time.
    void probe_later() {
        probe_timer_.after(options_.probe_every, [this] {
            if (!active_ || active_->index() == 0) return;
            const std::size_t index = next_probe_++ % active_->index();
            probe_ = std::make_unique<Child>(*this, index);
            if (probe_->start(children_[index])) discard(probe_);
            probe_timer_.after(options_.probe_time, [this] {
                discard(probe_);
                if (active_ && active_->index() > 0) probe_later();
            });
        });
    }
    void stop_probing() {
        probe_timer_.cancel();
        discard(probe_);
    }

    std::vector<FailoverChild> children_;
    FailoverOptions options_;
    boost::asio::any_io_executor executor_;
    net::Timer retry_timer_, probe_timer_;
    net::Backoff backoff_;
    PostedAnswers answers_;
    JobSink* sink_ = nullptr;
    std::unique_ptr<Child> active_, probe_;
    std::vector<std::unique_ptr<Child>> discarded_;
    double hashrate_ = 0;
    int failed_rounds_ = 0;  // in a row
    std::size_t next_probe_ = 0;
    base::Scope scope_;
};

std::optional<Error> Child::start(const FailoverChild& description) {
    auto made = description.make();
    if (!made) return made.error();
    source_ = std::move(*made);
    hashrate(owner_.last_hashrate());
    source_->start(*this);
    return std::nullopt;
}
void Child::publish(JobPtr job) {
    if (!ended_) owner_.published(*this, std::move(job));
}
void Child::withdraw() {
    if (!ended_) owner_.withdrawn(*this);
}
void Child::report(const Event& event) {
    if (ended_) return;
    const auto* lost = std::get_if<event::SourceLost>(&event);
    reported_loss_ |= lost != nullptr && !lost->retry_in;
    owner_.reported(*this, event);
}
void Child::give_up(const Error& error) {
    if (!ended_) owner_.gave_up(*this, error);
}

}  // namespace

std::unique_ptr<WorkSource> make_failover(std::vector<FailoverChild> children, FailoverOptions options,
                                          boost::asio::any_io_executor executor) {
    return std::make_unique<Failover>(std::move(children), options, std::move(executor));
}

}  // namespace lode::source
