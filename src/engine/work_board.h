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

    // Returns the new generation. A null job takes the work away.
    std::uint64_t post(JobPtr job);
    [[nodiscard]] Posted current() const;
    // Cheap enough between two scans: has anything been posted since?
    [[nodiscard]] std::uint64_t generation() const { return mirror_.load(std::memory_order_relaxed); }
    // Waits for a generation other than seen; false when stopped.
    bool wait_beyond(std::uint64_t seen, std::stop_token stop) const;

 private:
    mutable std::mutex mutex_;
    mutable std::condition_variable_any changed_;
    Posted slot_;
    std::atomic<std::uint64_t> mirror_{0};
};

// How much found work is on its way; devices wait while it is too much. Thread-safe.
class Backlog {
 public:
    explicit Backlog(std::uint64_t limit) : limit_(limit) {}
    void add(std::uint64_t n) { count_.fetch_add(n); }
    void remove(std::uint64_t n);
    [[nodiscard]] bool full() const { return count_.load() >= limit_; }
    // Waits until there is room; false when stopped.
    bool wait_for_room(std::stop_token stop) const;

 private:
    std::uint64_t limit_;
    std::atomic<std::uint64_t> count_{0};
    mutable std::mutex mutex_;
    mutable std::condition_variable_any room_;
};

}  // namespace lode::engine
