#include "lode/engine.h"

#include <algorithm>
#include <map>
#include <utility>

#include "engine/device_runner.h"
#include "engine/statistics.h"
#include "engine/submissions.h"
#include "engine/work_board.h"
#include "work/verifier.h"

namespace lode {

using engine::DeviceRunner;
using engine::FoundHits;
using Clock = std::chrono::steady_clock;

namespace {

constexpr unsigned kDistrustAfter = 5;  // wrong hits in a row

}  // namespace

// Everything of it but the runners' hooks runs on the io thread. The hooks post with a weak pointer, so that
// what is still queued when the engine ends does nothing.
class Engine::Impl : public std::enable_shared_from_this<Engine::Impl> {
 public:
    Impl(Post post, Observer& observer, EngineOptions options)
        : post_(std::move(post)),
          observer_(observer),
          backlog_(options.max_pending),
          submissions_(options, {.send = [this](const Solution& s) { send(s); },
                                 .drop_stale = [this](const Solution&) { drop(&Totals::stale); },
                                 .drop_spent = [this](const Solution&) { backlog_.remove(1); }}) {}

    void add(DeviceEntry entry) {
        const std::size_t index = runners_.size();
        engine::RunnerHooks hooks;
        hooks.found = [this, index](FoundHits found) {
            defer([index, found = std::move(found)](Impl& self) { self.verify(index, found); });
        };
        hooks.started = [this](const JobPtr& job, Clock::time_point at) {
            defer([job, at](Impl& self) { self.started(job, at); });
        };
        hooks.opened = [this](const DeviceInfo& info) {
            defer([info](Impl& self) {
                self.say(event::Severity::Info, info.id + ": " + info.name + ", kernel " + info.kernel);
            });
        };
        hooks.failed = [this, id = entry.id](const Error& error, bool retired) {
            defer([id, error, retired](Impl& self) { self.device_failed(id, error, retired); });
        };
        runners_.push_back(
            std::make_unique<DeviceRunner>(std::move(entry), board_, backlog_, std::move(hooks)));
        wrong_in_a_row_.push_back(0);
        meters_.emplace_back();
    }

    void start(WorkSource& source, FinishCallback finish, JobSink& sink) {
        source_ = &source;
        finish_ = std::move(finish);
        began_ = Clock::now();
        working_ = runners_.size();
        for (auto& runner : runners_) runner->start();
        source.start(sink);
        if (runners_.empty()) end(Error{ErrorKind::Device, "no usable device", {}, "at least one"});
    }

    void publish(JobPtr job) {
        const bool stale = job->clean || last_prev_ != job->prev;
        last_prev_ = job->prev;
        current_ = board_.post(job);
        if (stale) submissions_.invalidate_before(current_);
        started_reported_ = false;
        observer_.on(event::JobReceived{std::move(job), source_->name()});
    }

    void withdraw() { submissions_.invalidate_before(current_ = board_.post(nullptr)); }

    void stop() {
        if (runners_.empty()) return;
        for (auto& runner : runners_) runner->request_stop();
        seconds_ = elapsed();
        for (auto& runner : runners_) runner->join();
        for (const auto& runner : runners_) stopped_hashes_ += runner->hashes();
        runners_.clear();
    }

    void tick() {
        const auto now = Clock::now();
        event::Hashrate rate;
        std::uint64_t all = 0;
        for (std::size_t i = 0; i < runners_.size(); ++i) {
            const auto hashes = runners_[i]->hashes();
            all += hashes;
            meters_[i].sample(now, hashes);
            rate.devices.push_back({runners_[i]->id(), meters_[i].rate(kShort), runners_[i]->telemetry()});
        }
        total_meter_.sample(now, all);
        rate.total = total_meter_.rate(kShort);
        rate.total_60s = total_meter_.rate(std::chrono::seconds(60));
        rate.total_15m = total_meter_.rate(std::chrono::minutes(15));
        observer_.on(rate);
    }

    Totals totals() const {
        Totals t = totals_;
        t.hashes = stopped_hashes_;
        for (const auto& runner : runners_) t.hashes += runner->hashes();
        t.seconds = runners_.empty() ? seconds_ : elapsed();
        return t;
    }

    void end(std::optional<Error> error) {
        if (auto finish = std::exchange(finish_, nullptr)) finish(std::move(error));
    }

    void pause_devices() { board_.post(nullptr); }
    std::uint64_t outstanding() const { return submissions_.outstanding(); }
    void report(const Event& event) {
        if (const auto* judged = std::get_if<event::Judgement>(&event); judged && judged->verdict != "tip")
            ++totals_.jobs_doubted;
        observer_.on(event);
    }

 private:
    static constexpr std::chrono::seconds kShort{10};

    template <typename Task>
    void defer(Task task) {
        post_([weak = weak_from_this(), task = std::move(task)] {
            if (const auto self = weak.lock()) task(*self);
        });
    }

    void say(event::Severity severity, std::string text) {
        observer_.on(event::Message{severity, std::move(text)});
    }

    double elapsed() const { return std::chrono::duration<double>(Clock::now() - began_).count(); }

    void drop(std::uint64_t Totals::*counter) {
        totals_.*counter += 1;
        backlog_.remove(1);
    }

    void verify(std::size_t device, const FoundHits& found) {
        for (const Hit& hit : found.hits) {
            auto [verdict, solution] = verifier_.verify(found.job, found.roll, hit);
            switch (verdict) {
                case work::Verdict::HardwareError:
                    wrong_hit(device);
                    break;
                case work::Verdict::Duplicate:
                case work::Verdict::Miss:
                    backlog_.remove(1);
                    break;
                case work::Verdict::Block:
                case work::Verdict::Share:
                    wrong_in_a_row_[device] = 0;
                    solution.generation = found.generation;
                    solution.device = runners_.empty() ? "" : runners_[device]->id();
                    submissions_.offer(std::move(solution));
                    break;
            }
        }
    }

    void wrong_hit(std::size_t device) {
        drop(&Totals::hardware_errors);
        if (++wrong_in_a_row_[device] < kDistrustAfter || runners_.empty()) return;
        wrong_in_a_row_[device] = 0;
        runners_[device]->distrust();
    }

    void send(const Solution& solution) {
        if (solution.job->single_block) board_.post(nullptr);  // the block ends the job: wait for the next
        const auto sent = Clock::now();
        source_->submit(solution, [weak = weak_from_this(), solution, sent](const Outcome& outcome) {
            if (const auto self = weak.lock()) self->answered(solution, outcome, sent);
        });
    }

    void answered(const Solution& solution, const Outcome& outcome, Clock::time_point sent) {
        backlog_.remove(1);
        const auto latency = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - sent);
        count(solution, outcome.status);
        const bool share = !solution.job->single_block;
        // What a pool's source did not send because of a newer job is dropped as quietly as Submissions
        // would.
        const bool dropped =
            share && outcome.status == Outcome::Status::Stale && submissions_.stale(solution.generation);
        if (solution.block && !dropped) observer_.on(event::BlockResult{solution, outcome, latency});
        if (share && !dropped) observer_.on(event::ShareResult{solution, outcome, latency});
        submissions_.answered(solution, outcome);
        if (submissions_.limit_reached()) end(std::nullopt);
    }

    void count(const Solution& solution, Outcome::Status status) {
        const bool share = !solution.job->single_block;
        switch (status) {
            case Outcome::Status::Accepted:
                totals_.shares_accepted += share ? 1 : 0;
                totals_.blocks += solution.block ? 1 : 0;
                break;
            case Outcome::Status::Rejected:
                totals_.shares_rejected += share ? 1 : 0;
                totals_.blocks_rejected += solution.block ? 1 : 0;
                break;
            case Outcome::Status::Stale:
                totals_.stale += 1;
                break;
            case Outcome::Status::Unknown:
                totals_.unknown += 1;
                break;
        }
    }

    void started(const JobPtr& job, Clock::time_point at) {
        if (std::exchange(started_reported_, true)) return;
        observer_.on(event::JobStarted{
            job, std::chrono::duration_cast<std::chrono::microseconds>(at - job->received)});
    }

    void device_failed(const std::string& id, const Error& error, bool retired) {
        say(event::Severity::Error, error.at(id).text() + (retired ? "; given up" : "; opening it again"));
        if (!retired) return;
        if (--working_ == 0) end(Error{ErrorKind::Device, "no usable device is left", {}, {}});
    }

    Post post_;
    Observer& observer_;
    engine::WorkBoard board_;
    engine::Backlog backlog_;
    engine::Submissions submissions_;
    work::Verifier verifier_;
    WorkSource* source_ = nullptr;
    FinishCallback finish_;
    std::vector<std::unique_ptr<DeviceRunner>> runners_;
    std::vector<unsigned> wrong_in_a_row_;  // by device
    std::vector<engine::RateMeter> meters_;
    engine::RateMeter total_meter_;
    Totals totals_;
    std::uint64_t current_ = 0;  // generation
    std::uint64_t stopped_hashes_ = 0;
    Hash256 last_prev_;
    bool started_reported_ = false;
    std::size_t working_ = 0;
    Clock::time_point began_ = Clock::now();
    double seconds_ = 0;
};

Engine::Engine(Post post, Observer& observer, std::vector<DeviceEntry> devices, EngineOptions options)
    : impl_(std::make_shared<Impl>(std::move(post), observer, options)) {
    for (auto& device : devices) impl_->add(std::move(device));
}

Engine::~Engine() {
    impl_->stop();
}

void Engine::start(WorkSource& source, FinishCallback finish) {
    impl_->start(source, std::move(finish), *this);
}
void Engine::pause_devices() {
    impl_->pause_devices();
}
std::uint64_t Engine::outstanding() const {
    return impl_->outstanding();
}
void Engine::stop() {
    impl_->stop();
}
void Engine::tick() {
    impl_->tick();
}
Totals Engine::totals() const {
    return impl_->totals();
}
void Engine::publish(JobPtr job) {
    impl_->publish(std::move(job));
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
