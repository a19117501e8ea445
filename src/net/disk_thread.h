// The thread that waits for the disk, so that the io thread does not block.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/scope.h"
#include "lode/error.h"

namespace lode::net {

// Runs tasks of DiskSync objects one after the other. Created and destroyed on the io thread, the executor's.
// Each DiskSync has at most one task in its queue.
class DiskThread {
 public:
    explicit DiskThread(boost::asio::any_io_executor executor);
    DiskThread(const DiskThread&) = delete;
    DiskThread& operator=(const DiskThread&) = delete;

 private:
    friend class DiskSync;
    struct Entry {
        std::function<std::optional<Error>()> task;                  // called on the disk thread
        std::function<void(const std::optional<Error>&)> completed;  // called on the io thread
        boost::asio::any_io_executor io;
    };
    void run(std::function<std::optional<Error>()> task,
             std::function<void(const std::optional<Error>&)> completed);
    void work(const std::stop_token& stopping);

    boost::asio::any_io_executor executor_;
    std::mutex mutex_;
    std::condition_variable_any ready_;
    std::deque<Entry> queue_;
    std::jthread thread_;  // last: joined first, once the queue is empty
};

// Syncs what its owner writes: one task at a time, however many requests there are. Used on the io thread.
class DiskSync {
 public:
    using Task = std::function<std::optional<Error>()>;
    using Done = std::function<void(const std::optional<Error>&)>;

    // next: called on the io thread when a task begins; the task syncs what has been written by then. What it
    // refers to and the thread must outlive this.
    DiskSync(DiskThread& thread, std::function<Task()> next) : thread_(thread), next_(std::move(next)) {}
    DiskSync(const DiskSync&) = delete;
    DiskSync& operator=(const DiskSync&) = delete;
    // Waits for the task in progress; no Done is called after that.
    ~DiskSync();

    // Calls Done, never from inside the call, once everything written before is on disk, or with an error.
    void sync(Done done);

 private:
    void begin();

    DiskThread& thread_;
    std::function<Task()> next_;
    std::vector<Done> waiting_;    // for the task after the one in progress
    std::future<void> under_way_;  // invalid: no task in progress
    base::Scope scope_;
};

}  // namespace lode::net
