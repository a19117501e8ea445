// A one-slot mailbox between the io thread and the devices: the latest job wins.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>

#include "lode/job.h"

namespace lode::engine {

// Thread-safe.
class WorkBoard {
 public:
    struct Posted {
        JobPtr job;  // null: no work
        std::uint64_t generation = 0;
    };

    // Returns the new generation. A null job: no work.
    std::uint64_t post(JobPtr job);
    // While paused there is no job; resuming posts the last one again, as a new generation.
    void pause() { set_paused(true); }
    void resume() { set_paused(false); }
    [[nodiscard]] Posted current() const;
    // Whether anything was posted since; cheap enough to call between scans.
    [[nodiscard]] std::uint64_t generation() const { return mirror_.load(std::memory_order_relaxed); }
    // Waits for a generation other than seen; false when stopped.
    bool wait_beyond(std::uint64_t seen, std::stop_token stop) const;

 private:
    void set_paused(bool paused);
    std::uint64_t next_generation();  // with the lock held

    mutable std::mutex mutex_;
    mutable std::condition_variable_any changed_;
    Posted slot_;
    bool paused_ = false;
    std::atomic<std::uint64_t> mirror_{0};
};

// Counts hits and submissions in progress; devices wait while there are too many. Thread-safe.
class Backlog {
 public:
    explicit Backlog(std::uint64_t limit) : limit_(limit) {}
    void add(std::uint64_t n) { count_.fetch_add(n); }
    void remove(std::uint64_t n);
    [[nodiscard]] bool full() const { return count_.load() >= limit_; }
    // Waits until it is no longer full; false when stopped.
    bool wait_until_below(std::stop_token stop) const;

 private:
    std::uint64_t limit_;
    std::atomic<std::uint64_t> count_{0};
    mutable std::mutex mutex_;
    mutable std::condition_variable_any fell_;
};

}  // namespace lode::engine
