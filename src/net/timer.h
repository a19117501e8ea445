// A timer whose task is cancelled when it is destroyed.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

namespace lode::net {

// A member of the class that the task refers to. Used on the executor's thread only.
class Timer {
 public:
    using Clock = std::chrono::steady_clock;
    using Task = std::function<void()>;

    explicit Timer(const boost::asio::any_io_executor& executor);
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    ~Timer();

    // Runs the task once, on the executor, never from inside the call; not after cancel(), another start or
    // the destructor, even if the time had already passed. The task may destroy the timer.
    void at(Clock::time_point time, Task task);
    void after(Clock::duration time, Task task);
    void cancel();
    [[nodiscard]] bool pending() const;

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace lode::net
