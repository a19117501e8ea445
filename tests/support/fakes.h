// Stand-ins for what surrounds the engine: an io thread that is a queue, a device that is the portable
// kernel, a source that answers as told.
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
    Post post() {
        return [this](std::function<void()> task) {
            {
                const std::scoped_lock lock(mutex_);
                tasks_.push_back(std::move(task));
            }
            ready_.notify_one();
        };
    }
    // Runs tasks until done() or ten seconds are over; returns done().
    template <typename Done>
    bool run_until(Done done) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
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

 private:
    std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<std::function<void()>> tasks_;
};

// Scans at collect() on the caller's thread.
class SoftDevice : public Device {
 public:
    // fail_after: scans before every call fails; lie: report hits that are none.
    explicit SoftDevice(std::string id, int fail_after = -1, bool lie = false)
        : fail_after_(fail_after), lie_(lie) {
        info_.id = std::move(id);
        info_.name = "portable kernel";
        info_.kernel = "portable";
        info_.variants = 4;  // fewer than a job has: scans are split
    }
    const DeviceInfo& info() const override { return info_; }
    std::optional<Error> enqueue(const ScanInput& input, std::uint32_t first, std::uint64_t count) override {
        if (fail_after_ >= 0 && fail_after_-- == 0)
            return Error{ErrorKind::Device, "broken on purpose", info_.id, {}};
        queue_.push_back({input, first, count});
        return std::nullopt;
    }
    std::variant<ScanResult, Error> collect() override {
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

class FakeSource : public WorkSource {
 public:
    std::function<void(const Solution&, SubmitCallback)> on_submit;
    JobSink* sink = nullptr;
    std::vector<Solution> submitted;

    std::string name() const override { return "fake"; }
    void start(JobSink& to) override { sink = &to; }
    void submit(const Solution& solution, SubmitCallback callback) override {
        submitted.push_back(solution);
        if (on_submit) return on_submit(solution, std::move(callback));
        callback({Outcome::Status::Accepted, {}});
    }
    void stop() override {}
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
