// The io thread's event loop: sources, timers and the engine's callbacks run on the thread that calls run().
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace lode {

class Loop {
 public:
    using Duration = std::chrono::steady_clock::duration;
    using Task = std::function<void()>;

    Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;
    ~Loop();  // sources and timers made with it are destroyed before it

    // Runs tasks until stop(); the calling thread becomes the io thread. May be called again.
    void run();
    // As run(), but returns as soon as nothing is queued or outstanding, after `limit` at the latest. To be
    // called after WorkSource::stop(), to let pending operations such as closing connections complete.
    void drain(Duration limit);
    // run() returns soon. Any thread.
    void stop();
    // Runs the task on the io thread, in the order of the calls, never from inside post(). Any thread.
    void post(Task task);
    // post() as the function that Engine takes. Does nothing once the loop is destroyed.
    [[nodiscard]] std::function<void(Task)> poster();

    class Impl;  // src/api/loop.h
    [[nodiscard]] Impl& impl() { return *impl_; }

 private:
    std::shared_ptr<Impl> impl_;
};

// Runs a task once, later, unless destroyed before. All members are called on the io thread.
class Timer {
 public:
    explicit Timer(Loop& loop);
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    ~Timer();

    // Replaces the task set before. The task may destroy the timer; it never runs after cancel().
    void after(Loop::Duration time, Loop::Task task);
    void cancel();

 private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace lode
