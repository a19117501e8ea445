#include "engine/work_board.h"

#include <utility>

namespace lode::engine {

std::uint64_t WorkBoard::next_generation() {
    mirror_.store(++slot_.generation, std::memory_order_relaxed);
    return slot_.generation;
}

std::uint64_t WorkBoard::post(JobPtr job) {
    std::uint64_t generation = 0;
    {
        const std::scoped_lock lock(mutex_);
        slot_.job = std::move(job);
        generation = next_generation();
    }
    changed_.notify_all();
    return generation;
}

void WorkBoard::set_paused(bool paused) {
    {
        const std::scoped_lock lock(mutex_);
        if (paused_ == paused) return;
        paused_ = paused;
        next_generation();
    }
    changed_.notify_all();
}

WorkBoard::Posted WorkBoard::current() const {
    const std::scoped_lock lock(mutex_);
    return paused_ ? Posted{nullptr, slot_.generation} : slot_;
}

bool WorkBoard::wait_beyond(std::uint64_t seen, std::stop_token stop) const {
    std::unique_lock lock(mutex_);
    return changed_.wait(lock, std::move(stop), [&] { return slot_.generation != seen; });
}

void Backlog::remove(std::uint64_t n) {
    {
        const std::scoped_lock lock(mutex_);
        count_.fetch_sub(n);
    }
    fell_.notify_all();
}

bool Backlog::wait_until_below(std::stop_token stop) const {
    if (!full()) return !stop.stop_requested();
    std::unique_lock lock(mutex_);
    return fell_.wait(lock, std::move(stop), [&] { return !full(); });
}

}  // namespace lode::engine
