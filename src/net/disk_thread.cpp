#include "net/disk_thread.h"

#include <memory>
#include <utility>

#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

namespace lode::net {

DiskThread::DiskThread(boost::asio::any_io_executor executor)
    : executor_(std::move(executor)), thread_([this](const std::stop_token& stopping) { work(stopping); }) {}

void DiskThread::run(std::function<std::optional<Error>()> task,
                     std::function<void(const std::optional<Error>&)> completed) {
    // Keeps io_context::run() from returning while a task is in progress.
    auto io = boost::asio::prefer(executor_, boost::asio::execution::outstanding_work.tracked);
    {
        const std::scoped_lock lock(mutex_);
        queue_.push_back({std::move(task), std::move(completed), std::move(io)});
    }
    ready_.notify_one();
}

void DiskThread::work(const std::stop_token& stopping) {
    for (;;) {
        std::unique_lock lock(mutex_);
        if (!ready_.wait(lock, stopping, [this] { return !queue_.empty(); })) return;
        Entry entry = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        // Moved, since it must be destroyed on the io thread.
        boost::asio::post(
            entry.io, [error = entry.task(), completed = std::move(entry.completed)] { completed(error); });
    }
}

DiskSync::~DiskSync() {
    if (under_way_.valid()) under_way_.wait();
}

void DiskSync::sync(Done done) {
    waiting_.push_back(scope_.guard(std::move(done)));
    if (!under_way_.valid()) begin();
}

void DiskSync::begin() {
    auto finished = std::make_shared<std::promise<void>>();
    under_way_ = finished->get_future();
    auto task = [task = next_(), finished] {
        auto error = task();
        finished->set_value();
        return error;
    };
    auto completed = [this, served = std::exchange(waiting_, {})](const std::optional<Error>& error) {
        under_way_ = {};
        if (!waiting_.empty()) begin();
        for (const Done& done : served) done(error);  // last: any of them may destroy this
    };
    thread_.run(std::move(task), scope_.guard(std::move(completed)));
}

}  // namespace lode::net
