// Fakes of the engine's environment: an io thread that is a queue, devices that run the portable kernel or
// never open, a source with scripted answers.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "kernels/cpu/kernels.h"
#include "lode/device.h"
#include "lode/engine.h"
#include "lode/source.h"
#include "work/roll.h"

namespace lode::testing {

// post() from any thread; run_until() on the test's own.
class TaskQueue {
 public:
    using Clock = std::chrono::steady_clock;

    Post post() {
        return [this](std::function<void()> task) {
            {
                const std::scoped_lock lock(mutex_);
                tasks_.push_back(std::move(task));
            }
            ready_.notify_one();
        };
    }
    // Runs tasks until done() or the deadline; returns done().
    template <typename Done>
    bool run_until(Done done, Clock::time_point deadline = Clock::now() + std::chrono::seconds(10)) {
        while (!done()) {
            std::unique_lock lock(mutex_);
            if (!ready_.wait_until(lock, deadline, [&] { return !tasks_.empty(); })) return done();
            auto task = std::move(tasks_.front());
            tasks_.pop_front();
            lock.unlock();
            task();
        }
        return true;
    }
    // Runs tasks for this long.
    void run_for(std::chrono::milliseconds time) {
        const auto until = Clock::now() + time;
        run_until([&] { return Clock::now() >= until; }, until);
    }

 private:
    std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<std::function<void()>> tasks_;
};

// Scans at collect() on the caller's thread.
class SoftDevice : public Device {
 public:
    // fail_after: scans before every call fails; lie: report false hits.
    explicit SoftDevice(std::string id, int fail_after = -1, bool lie = false)
        : fail_after_(fail_after), lie_(lie) {
        info_.id = std::move(id);
        info_.name = "portable kernel";
        info_.kernel = "portable";
        info_.variants = 4;  // fewer than a job has: scans are split
    }
    const DeviceInfo& info() const override { return info_; }
    Result<void> enqueue(const ScanInput& input, std::uint32_t first, std::uint64_t count) override {
        if (fail_after_ >= 0 && fail_after_-- == 0)
            return fail(ErrorKind::Device, "broken on purpose", info_.id);
        queue_.push_back({input, first, count});
        return {};
    }
    Result<ScanResult> collect() override {
        const auto [input, first, count] = queue_.front();
        queue_.pop_front();
        ScanResult result;
        kernels::scan_portable(input, first, count, result);
        if (lie_) {
            result = {};
            result.add(first, 0);
        }
        return result;
    }

 private:
    struct Scan {
        ScanInput input;
        std::uint32_t first = 0;
        std::uint64_t count = 0;
    };
    DeviceInfo info_;
    int fail_after_;
    bool lie_;
    std::deque<Scan> queue_;
};

inline DeviceEntry soft_device(std::string id, int fail_after = -1, bool lie = false) {
    DeviceEntry entry;
    entry.id = id;
    entry.backend = "cpu";
    entry.open = [id = std::move(id), fail_after, lie]() -> OpenedDevice {
        return std::make_unique<SoftDevice>(id, fail_after, lie);
    };
    return entry;
}

// A device whose opening lasts until the test ends it.
class StuckOpening {
 public:
    ~StuckOpening() { end(); }
    DeviceEntry entry(std::string id) {
        DeviceEntry entry;
        entry.id = id;
        entry.open = [state = state_, id = std::move(id)]() -> OpenedDevice {
            std::unique_lock lock(state->mutex);
            state->opening = true;
            state->changed.notify_all();
            state->changed.wait(lock, [&] { return state->ended; });
            return std::make_unique<SoftDevice>(id);
        };
        return entry;
    }
    void wait_until_opening() {
        std::unique_lock lock(state_->mutex);
        state_->changed.wait(lock, [&] { return state_->opening; });
    }
    void end() {
        const std::scoped_lock lock(state_->mutex);
        state_->ended = true;
        state_->changed.notify_all();
    }

 private:
    struct State {  // the thread that opens may outlive the test
        std::mutex mutex;
        std::condition_variable changed;
        bool opening = false, ended = false;
    };
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

// Answers through `post`, as every source does; at once if there is none.
class FakeSource : public WorkSource {
 public:
    explicit FakeSource(Post post = [](const std::function<void()>& task) { task(); })
        : post_(std::move(post)) {}

    std::function<void(const Solution&, SubmitCallback)> on_submit;  // posted
    JobSink* sink = nullptr;
    std::vector<Solution> submitted;

    std::string name() const override { return "fake"; }
    void start(JobSink& to) override { sink = &to; }
    void submit(const Solution& solution, SubmitCallback callback) override {
        submitted.push_back(solution);
        post_([this, solution, callback = std::move(callback)]() mutable {
            if (on_submit) return on_submit(solution, std::move(callback));
            callback({Outcome::Status::Accepted, {}});
        });
    }
    void stop() override {}

 private:
    Post post_;
};

struct Recorder : Observer {
    std::vector<Event> events;
    void on(const Event& event) override { events.push_back(event); }
    template <typename T>
    std::vector<T> all() const {
        std::vector<T> found;
        for (const auto& event : events)
            if (const auto* e = std::get_if<T>(&event)) found.push_back(*e);
        return found;
    }
};

// One hash in 2^share_bits is a share, one in 2^block_bits a block.
inline Job easy_job(unsigned share_bits, unsigned block_bits, std::uint8_t salt = 0) {
    Job job;
    job.id = std::to_string(salt);
    job.version = 0x20000000;
    job.version_mask = 0x1fffe000;
    job.prev.bytes[0] = salt;
    job.extranonce2_size = 4;
    job.coinbase1 = {1, 2, salt};
    job.time = 1'700'000'000;
    job.bits = 0x207fffff;
    job.share_target = Uint256::max() >> share_bits;
    job.block_target = Uint256::max() >> block_bits;
    return job;
}

}  // namespace lode::testing
