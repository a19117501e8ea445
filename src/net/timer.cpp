#include "net/timer.h"

#include <utility>

#include <boost/asio/steady_timer.hpp>

#include "base/scope.h"

namespace lode::net {

struct Timer::State {
    explicit State(const boost::asio::any_io_executor& executor) : timer(executor) {}
    boost::asio::steady_timer timer;
    Task task;
    base::Scope scope;
};

Timer::Timer(const boost::asio::any_io_executor& executor) : state_(std::make_unique<State>(executor)) {}
Timer::~Timer() = default;

void Timer::at(Clock::time_point time, Task task) {
    State& state = *state_;
    state.scope.renew();  // an expired wait may be queued already
    state.task = std::move(task);
    state.timer.expires_at(time);
    state.timer.async_wait(state.scope.guard([&state](const boost::system::error_code& cancelled) {
        if (cancelled) return;
        const Task due = std::exchange(state.task, nullptr);
        due();  // last: it may restart the timer, or destroy it
    }));
}

void Timer::after(Clock::duration time, Task task) {
    const auto now = Clock::now();
    at(time < Clock::time_point::max() - now ? now + time : Clock::time_point::max(), std::move(task));
}

void Timer::cancel() {
    state_->scope.renew();
    state_->task = nullptr;
    state_->timer.cancel();
}

bool Timer::pending() const {
    return state_->task != nullptr;
}

}  // namespace lode::net
