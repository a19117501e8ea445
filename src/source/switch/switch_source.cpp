#include "source/switch/switch_source.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include <boost/asio/post.hpp>

namespace lode::source {

using Clock = net::Timer::Clock;

// A source with its part: to become the active one, active, or former. The sink for its callbacks.
class SwitchSource::Child final : public JobSink {
 public:
    Child(SwitchSource& owner, std::unique_ptr<WorkSource> source)
        : owner_(owner), source_(std::move(source)) {}

    [[nodiscard]] std::string name() const { return source_->name(); }
    void start(double rate) {
        hashrate(rate);
        source_->start(*this);
    }
    void hashrate(double rate) {
        if (rate > 0) source_->hashrate(rate);
    }
    // Outstanding submissions are answered from inside; there are no other callbacks from then on.
    void end() {
        ended_ = true;
        source_->stop();
    }
    void submit(const Solution& solution, SubmitCallback callback) {
        ++outstanding_;
        source_->submit(solution, [this, callback = std::move(callback)](const Outcome& outcome) {
            --outstanding_;
            callback(outcome);
        });
    }

    // Whether it has published the job, of those that still exist.
    [[nodiscard]] bool has(const JobPtr& job) const {
        return std::ranges::any_of(jobs_, [&](const auto& weak) { return weak.lock() == job; });
    }
    void remember(const JobPtr& job) {
        std::erase_if(jobs_, [](const auto& weak) { return weak.expired(); });
        jobs_.emplace_back(job);
    }

    void replaced() { replaced_at_ = Clock::now(); }
    [[nodiscard]] bool may_go(const SwitchOptions& options) const {
        const auto since = Clock::now() - replaced_at_;
        return since >= options.answers_within || (since >= options.stays && outstanding_ == 0);
    }
    // Its retries are exhausted.
    [[nodiscard]] bool has_given_up() const { return gave_up_; }

    void publish(JobPtr job) override {
        if (!ended_) owner_.published(*this, std::move(job));
    }
    void withdraw() override {
        if (!ended_) owner_.withdrawn(*this);
    }
    void report(const Event& event) override {
        if (!ended_) owner_.reported(*this, event);
    }
    void give_up(const Error& error) override {
        if (ended_) return;
        gave_up_ = true;
        owner_.gave_up(*this, error);
    }

 private:
    SwitchSource& owner_;
    std::unique_ptr<WorkSource> source_;
    std::vector<std::weak_ptr<const Job>> jobs_;
    std::uint64_t outstanding_ = 0;
    Clock::time_point replaced_at_;
    bool ended_ = false, gave_up_ = false;
};

SwitchSource::SwitchSource(std::unique_ptr<WorkSource> first, SwitchOptions options,
                           const boost::asio::any_io_executor& executor)
    : options_(options),
      executor_(executor),
      answers_(executor),
      former_timer_(executor),
      active_(std::make_unique<Child>(*this, std::move(first))) {}

SwitchSource::~SwitchSource() {
    stop();
}

std::string SwitchSource::name() const {
    return active_->name();
}

void SwitchSource::start(JobSink& sink) {
    sink_ = &sink;
    active_->start(hashrate_);
}

void SwitchSource::submit(const Solution& solution, SubmitCallback callback) {
    if (active_->has(solution.job)) return active_->submit(solution, std::move(callback));
    for (const auto& child : former_)
        if (child->has(solution.job)) return child->submit(solution, std::move(callback));
    answers_.post(std::move(callback), {Outcome::Status::Stale, "its source was replaced"});
}

void SwitchSource::hashrate(double rate) {
    hashrate_ = rate;
    for (Child* child : {active_.get(), next_.get()})
        if (child != nullptr) child->hashrate(rate);
}

void SwitchSource::stop() {
    if (scope_.closed()) return;
    scope_.close();
    former_timer_.cancel();
    if (next_) next_->end();
    for (const auto& child : former_) child->end();
    active_->end();
    answers_.stop();
}

void SwitchSource::use(std::unique_ptr<WorkSource> next) {
    if (scope_.closed()) return;
    discard(next_);
    auto child = std::make_unique<Child>(*this, std::move(next));
    if (sink_ == nullptr) {
        active_ = std::move(child);
        return;
    }
    next_ = std::move(child);
    next_->start(hashrate_);
}

// ---- from the children

void SwitchSource::published(Child& child, JobPtr job) {
    child.remember(job);
    if (&child == active_.get()) return sink_->publish(std::move(job));
    if (&child != next_.get()) return;
    take_over();
    sink_->report(event::SourceSwitched{former_.back()->name(), name(), false, true});
    if (!scope_.closed()) sink_->take_over(std::move(job));
}

void SwitchSource::withdrawn(const Child& child) {
    if (&child == active_.get()) sink_->withdraw();
}

// Of the others' connections only the next one's failures matter, and they change nothing yet.
void SwitchSource::reported(const Child& child, const Event& event) {
    if (&child == active_.get()) return sink_->report(event);
    const auto* lost = std::get_if<event::SourceLost>(&event);
    if (lost != nullptr && &child == next_.get())
        return sink_->report(
            event::Message{event::Severity::Warning,
                           lost->source + ": " + lost->error.text() + "; still mining at " + name()});
    const bool passes =
        std::holds_alternative<event::Message>(event) || std::holds_alternative<event::BlockConfirmed>(event);
    if (passes) sink_->report(event);
}

void SwitchSource::gave_up(Child& child, const Error& error) {
    if (&child == active_.get()) {
        if (!next_) return sink_->give_up(error);
        sink_->report(event::SourceLost{name(), error, {}});
        if (!scope_.closed()) sink_->withdraw();
    } else if (&child == next_.get()) {
        const bool last = active_->has_given_up();
        if (!last)
            sink_->report(event::Message{event::Severity::Error, "not switched to " + child.name() + ": " +
                                                                     error.text() + "; still at " + name()});
        if (scope_.closed()) return;
        discard(next_);
        if (last) sink_->give_up(error);
    }
}

// ---- the change

void SwitchSource::take_over() {
    active_->replaced();
    former_.push_back(std::exchange(active_, std::move(next_)));
    if (!former_timer_.pending()) look_at_former();
}

void SwitchSource::look_at_former() {
    for (auto& child : former_)
        if (child->may_go(options_)) discard(child);
    std::erase(former_, nullptr);
    if (!former_.empty()) former_timer_.after(options_.look_every, [this] { look_at_former(); });
}

// It may be the caller, so it is destroyed later, from a posted task.
void SwitchSource::discard(std::unique_ptr<Child>& child) {
    if (!child) return;
    child->end();
    discarded_.push_back(std::move(child));
    boost::asio::post(executor_, scope_.guard([this] { discarded_.clear(); }));
}

}  // namespace lode::source
