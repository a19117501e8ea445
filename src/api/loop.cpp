#include "api/loop.h"

#include <utility>

#include <boost/asio/post.hpp>

#include "net/timer.h"

namespace lode {

Loop::Loop() : impl_(std::make_shared<Impl>()) {}
Loop::~Loop() = default;

void Loop::run() {
    auto until_stopped = boost::asio::make_work_guard(impl_->io);
    impl_->io.run();
    until_stopped.reset();  // before restart(), since without other work it stops the context
    impl_->io.restart();
}

void Loop::drain(Duration limit) {
    impl_->io.run_for(limit);
    impl_->io.restart();
}

void Loop::stop() {
    impl_->io.stop();
}

void Loop::post(Task task) {
    boost::asio::post(impl_->io, std::move(task));
}

std::function<void(Loop::Task)> Loop::poster() {
    return [weak = std::weak_ptr(impl_)](Task task) {
        if (const auto impl = weak.lock()) boost::asio::post(impl->io, std::move(task));
    };
}

class Timer::Impl {
 public:
    explicit Impl(Loop& loop) : timer(executor_of(loop)) {}
    net::Timer timer;
};

Timer::Timer(Loop& loop) : impl_(std::make_unique<Impl>(loop)) {}
Timer::~Timer() = default;

void Timer::after(Loop::Duration time, Loop::Task task) {
    impl_->timer.after(time, std::move(task));
}
void Timer::cancel() {
    impl_->timer.cancel();
}

}  // namespace lode
