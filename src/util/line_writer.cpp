#include "util/line_writer.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <poll.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <sys/eventfd.h>

namespace lode::util {
namespace {

constexpr int kLookMs = 50;  // for new lines, where no descriptor was left to be woken by

struct Line {
    std::uint64_t number = 0;  // sequence number over both streams
    std::string text;
};

struct Queue {
    int fd = -1;
    std::deque<Line> lines;
    std::size_t bytes = 0;    // in lines
    std::size_t written = 0;  // of the first line
    std::uint64_t dropped = 0;
    int error = 0;
    LineWriter::DroppedText dropped_text = [](std::uint64_t count) {
        return fmt::format("{} lines were dropped: nobody read them\n", count);
    };
};

void block_signals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

struct LineWriter::State {
    State(int output, int error, std::size_t limit) : capacity(limit) {
        queues[0].fd = output;
        queues[1].fd = error;
    }
    ~State() {
        if (wake >= 0) ::close(wake);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    Queue& of(Stream stream) { return queues.at(stream == Stream::Output ? 0 : 1); }
    [[nodiscard]] bool all_written() const {
        return std::ranges::all_of(queues, [](const Queue& q) { return q.lines.empty() && q.dropped == 0; });
    }
    void wake_up() const {
        const std::uint64_t one = 1;
        while (::write(wake, &one, sizeof one) < 0 && errno == EINTR) {
        }
    }
    void add(Queue& queue, std::string text) {
        queue.bytes += text.size();
        queue.lines.push_back({next_number++, std::move(text)});
    }

    void run();
    Queue* wait_for_reader(std::unique_lock<std::mutex>& lock);
    void write_some(Queue& queue, std::unique_lock<std::mutex>& lock);
    void fail(Queue& queue, int error) const;

    const std::size_t capacity;
    const int wake = ::eventfd(0, EFD_CLOEXEC);
    std::mutex mutex;
    std::condition_variable changed;  // something was written, or the thread has ended
    std::array<Queue, 2> queues;
    std::uint64_t next_number = 0;
    bool running = false, stopping = false;
};

// A write of up to PIPE_BUF bytes does not block after poll() has reported the pipe writable; if another
// process fills the pipe in between, only this thread blocks.
void LineWriter::State::run() {
    block_signals();
    std::unique_lock lock(mutex);
    while (!stopping)
        if (Queue* const queue = wait_for_reader(lock)) write_some(*queue, lock);
    running = false;
    changed.notify_all();
}

// The queue with the oldest line among those whose stream is writable; null if there is none.
Queue* LineWriter::State::wait_for_reader(std::unique_lock<std::mutex>& lock) {
    std::array<pollfd, 3> polled{};
    polled[2] = {wake, POLLIN, 0};
    for (std::size_t i = 0; i < queues.size(); ++i)
        polled.at(i) = {queues.at(i).lines.empty() ? -1 : queues.at(i).fd, POLLOUT, 0};
    lock.unlock();
    const int ready = ::poll(polled.data(), polled.size(), wake < 0 ? kLookMs : -1);
    std::uint64_t count = 0;
    if (ready > 0 && polled[2].revents != 0) (void)!::read(wake, &count, sizeof count);
    lock.lock();
    Queue* oldest = nullptr;
    for (std::size_t i = 0; ready > 0 && i < queues.size(); ++i) {
        Queue& queue = queues.at(i);
        if (polled.at(i).revents == 0 || queue.lines.empty()) continue;
        if (oldest == nullptr || queue.lines.front().number < oldest->lines.front().number) oldest = &queue;
    }
    return oldest;
}

void LineWriter::State::write_some(Queue& queue, std::unique_lock<std::mutex>& lock) {
    const std::string& text = queue.lines.front().text;  // stays valid: only this thread removes lines
    const std::size_t size = std::min<std::size_t>(text.size() - queue.written, PIPE_BUF);
    lock.unlock();
    const auto written = ::write(queue.fd, text.data() + queue.written, size);
    const int error = written < 0 ? errno : 0;
    lock.lock();
    if (error != 0 && error != EINTR && error != EAGAIN) fail(queue, error);
    if (error == 0) queue.written += static_cast<std::size_t>(written);
    if (!queue.lines.empty() && queue.written == queue.lines.front().text.size()) {
        queue.bytes -= queue.written;
        queue.written = 0;
        queue.lines.pop_front();
    }
    if (queue.dropped > 0 && queue.bytes <= capacity / 2)
        add(queue, queue.dropped_text(std::exchange(queue.dropped, 0)));
    changed.notify_all();
}

void LineWriter::State::fail(Queue& queue, int error) const {
    queue.error = error;
    queue.lines.clear();
    queue.bytes = queue.written = 0;
    queue.dropped = 0;
}

LineWriter::LineWriter(int output, int error, std::size_t capacity)
    : state_(std::make_shared<State>(output, error, capacity)) {}

LineWriter::~LineWriter() {
    std::unique_lock lock(state_->mutex);
    state_->stopping = true;
    state_->wake_up();
    state_->changed.wait_for(lock, std::chrono::milliseconds(100), [this] { return !state_->running; });
}

void LineWriter::write(Stream stream, std::string text) {
    if (text.empty()) return;
    const std::lock_guard lock(state_->mutex);
    Queue& queue = state_->of(stream);
    if (queue.error != 0) return;
    // Once lines are dropped, all are until there is space for many.
    if (queue.dropped > 0 || (!queue.lines.empty() && queue.bytes + text.size() > state_->capacity)) {
        ++queue.dropped;
        return;
    }
    state_->add(queue, std::move(text));
    state_->wake_up();
    if (state_->running) return;
    std::thread([state = state_] { state->run(); }).detach();
    state_->running = true;
}

void LineWriter::set_dropped_text(Stream stream, DroppedText text) {
    const std::lock_guard lock(state_->mutex);
    state_->of(stream).dropped_text = std::move(text);
}

int LineWriter::error(Stream stream) const {
    const std::lock_guard lock(state_->mutex);
    return state_->of(stream).error;
}

bool LineWriter::flush(std::chrono::milliseconds limit) {
    std::unique_lock lock(state_->mutex);
    return state_->changed.wait_for(lock, limit, [this] { return state_->all_written(); });
}

LineWriter& standard_streams() {
    // Never destroyed: its thread may be blocked in a write when the process ends.
    static LineWriter& streams = *new LineWriter(STDOUT_FILENO, STDERR_FILENO);
    return streams;
}

}  // namespace lode::util
