#include "lode/engine.h"

#include <utility>

#include "base/scope.h"
#include "engine/devices.h"
#include "engine/hashrates.h"
#include "engine/observers.h"
#include "engine/session_record.h"
#include "engine/submissions.h"
#include "engine/work_board.h"
#include "work/verifier.h"

namespace lode {

using Clock = std::chrono::steady_clock;
using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

// Connects the parts: jobs to the board, hits to the verifier, solutions to the source, events to the record
// and the observers.
class Engine::Impl {
 public:
    Impl(Post post, std::vector<DeviceEntry> devices, EngineOptions options)
        : post_(std::move(post)),
          record_(devices, options.best_difficulty_before),
          backlog_(std::make_shared<engine::Backlog>(options.max_pending)),
          submissions_(options, {.send = [this](const Solution& s) { send(s); },
                                 .drop_stale = [this](const Solution& s) { drop_stale(s); },
                                 .drop_spent = [this](const Solution&) { backlog_->remove(1); }}),
          devices_(post_, std::move(devices), board_, backlog_,
                   {.found = [this](std::size_t device, const auto& found) { verify(device, found); },
                    .started = [this](const JobPtr& job, Clock::time_point at) { job_started(job, at); },
                    .report = [this](const Event& event) { device_changed(event); },
                    .none_left = [this] { end_without_devices("no usable device is left"); }}) {}

    void start(WorkSource& source, FinishCallback finish, JobSink& sink) {
        source_ = &source;
        finish_ = std::move(finish);
        record_.started(source.name());
        hashrates_.sample(Clock::now(), devices_.read());  // what the first tick is measured from
        devices_.start();
        source.start(sink);
        if (devices_.empty()) post_(scope_.guard([this] { end_without_devices("no usable device"); }));
    }

    void stop() {
        if (devices_.stopped()) return;
        record_.stopped();
        devices_.stop();
    }

    void publish(JobPtr job) {
        const bool stale = job->clean || last_prev_ != job->prev;
        const std::uint64_t generation = post_job(job);
        if (stale) {
            devices_.cut_short();
            submissions_.invalidate_before(generation);
        }
        report(event::JobReceived{std::move(job), source_->name()});
    }

    void take_over(JobPtr job) {
        submissions_.take_over(post_job(job));
        report(event::JobReceived{std::move(job), source_->name()});
    }

    void withdraw() { submissions_.invalidate_before(withdraw_work()); }

    void pause() {
        board_->pause();
        record_.paused(true);
    }
    void resume() {
        board_->resume();
        record_.paused(false);
    }

    void tick() {
        if (devices_.stopped()) return;
        hashrates_.sample(Clock::now(), devices_.read());
        record_.measured(hashrates_);
        if (source_ != nullptr && hashrates_.event().total > 0) source_->hashrate(hashrates_.event().total);
        report(hashrates_.event());
    }

    void report(const Event& event) {
        record_.happened(event);
        observers_.notify(event);
    }

    void end(std::optional<Error> error) {
        if (auto finish = std::exchange(finish_, nullptr)) finish(std::move(error));
    }

    engine::Observers& observers() { return observers_; }
    [[nodiscard]] std::uint64_t outstanding() const { return submissions_.outstanding(); }
    [[nodiscard]] bool scanning() const { return devices_.scanning(); }
    [[nodiscard]] bool abandoned() const { return devices_.abandoned(); }
    [[nodiscard]] Totals totals() const { return record_.totals(devices_.read()); }
    [[nodiscard]] Snapshot snapshot() const { return record_.snapshot(devices_.read()); }

 private:
    std::uint64_t post_job(const JobPtr& job) {
        last_prev_ = job->prev;
        unstarted_ = job;
        return board_->post(job);
    }

    // Returns the new generation, which has no work.
    std::uint64_t withdraw_work() {
        unstarted_.reset();
        record_.no_job();
        const std::uint64_t generation = board_->post(nullptr);
        devices_.cut_short();
        return generation;
    }

    void end_without_devices(const char* what) { end(Error{ErrorKind::Device, what, {}, "at least one"}); }

    // Before mining only the rates measured when the devices were opened are known.
    void device_changed(const Event& event) {
        report(event);
        if (std::holds_alternative<event::DeviceOpened>(event) && totals().hashes == 0)
            source_->hashrate(devices_.opened_rate());
    }

    void job_started(const JobPtr& job, Clock::time_point at) {
        if (job != unstarted_) return;  // another device started it first, or a newer job has come
        unstarted_.reset();
        report(event::JobStarted{job, duration_cast<microseconds>(at - job->received)});
    }

    void verify(std::size_t device, const engine::FoundHits& found) {
        for (const Hit& hit : found.hits) {
            auto [kind, solution] = verifier_.verify(found.job, found.roll, hit);
            switch (kind) {
                case work::HitKind::HardwareError:
                    backlog_->remove(1);
                    record_.hardware_error(devices_.id(device));
                    devices_.wrong_hit(device);
                    break;
                case work::HitKind::Duplicate:
                case work::HitKind::Miss:
                    backlog_->remove(1);
                    break;
                case work::HitKind::Block:
                case work::HitKind::Share:
                    devices_.right_hit(device);
                    solution.generation = found.generation;
                    solution.device = devices_.id(device);
                    record_.found(solution);
                    submissions_.offer(std::move(solution));
                    break;
            }
        }
    }

    void drop_stale(const Solution& solution) {
        record_.dropped(solution);
        backlog_->remove(1);
    }

    void send(const Solution& solution) {
        // The block ends the job, unless that is already another source's: wait for the next.
        if (solution.job->single_block && !submissions_.taken_over_since(solution.generation))
            withdraw_work();
        record_.sent(solution);
        source_->submit(solution, scope_.guard([this, solution, sent = Clock::now()](const Outcome& outcome) {
            answered(solution, outcome, duration_cast<milliseconds>(Clock::now() - sent));
        }));
    }

    void answered(const Solution& solution, const Outcome& outcome, milliseconds latency) {
        backlog_->remove(1);
        record_.answered(solution, outcome, latency);
        const bool share = !solution.job->single_block;
        // A share that the source did not send because of a newer job is dropped silently, as by Submissions.
        const bool dropped =
            share && outcome.status == Outcome::Status::Stale && submissions_.stale(solution.generation);
        if (solution.block && !dropped) report(event::BlockResult{solution, outcome, latency});
        if (share && !dropped) report(event::ShareResult{solution, outcome, latency});
        submissions_.answered(solution, outcome);
        if (submissions_.limit_reached()) end(std::nullopt);
    }

    Post post_;
    engine::Observers observers_;
    engine::SessionRecord record_;
    const std::shared_ptr<engine::WorkBoard> board_ = std::make_shared<engine::WorkBoard>();
    const std::shared_ptr<engine::Backlog> backlog_;
    engine::Submissions submissions_;
    work::Verifier verifier_;
    engine::Hashrates hashrates_;
    WorkSource* source_ = nullptr;
    FinishCallback finish_;
    Hash256 last_prev_;
    JobPtr unstarted_;  // the job, until a device has begun to scan it
    engine::Devices devices_;
    base::Scope scope_;  // of answer callbacks
};

Engine::Engine(Post post, std::vector<DeviceEntry> devices, EngineOptions options)
    : impl_(std::make_unique<Impl>(std::move(post), std::move(devices), options)) {}

Engine::Engine(Post post, Observer& observer, std::vector<DeviceEntry> devices, EngineOptions options)
    : Engine(std::move(post), std::move(devices), options) {
    add_observer(observer);
}

Engine::~Engine() {
    impl_->stop();
}

void Engine::add_observer(Observer& observer) {
    impl_->observers().add(observer);
}
void Engine::remove_observer(Observer& observer) {
    impl_->observers().remove(observer);
}
void Engine::start(WorkSource& source, FinishCallback finish) {
    impl_->start(source, std::move(finish), *this);
}
void Engine::pause_devices() {
    impl_->pause();
}
void Engine::resume_devices() {
    impl_->resume();
}
std::uint64_t Engine::outstanding() const {
    return impl_->outstanding();
}
bool Engine::scanning() const {
    return impl_->scanning();
}
void Engine::stop() {
    impl_->stop();
}
bool Engine::abandoned() const {
    return impl_->abandoned();
}
void Engine::tick() {
    impl_->tick();
}
Totals Engine::totals() const {
    return impl_->totals();
}
Snapshot Engine::snapshot() const {
    return impl_->snapshot();
}
void Engine::publish(JobPtr job) {
    impl_->publish(std::move(job));
}
void Engine::take_over(JobPtr job) {
    impl_->take_over(std::move(job));
}
void Engine::withdraw() {
    impl_->withdraw();
}
void Engine::report(const Event& event) {
    impl_->report(event);
}
void Engine::give_up(const Error& error) {
    impl_->end(error);
}

}  // namespace lode
