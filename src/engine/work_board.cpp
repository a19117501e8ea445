#include "engine/work_board.h"

#include <utility>

namespace lode::engine {

std::uint64_t WorkBoard::post(JobPtr job) {
    std::uint64_t generation = 0;
    {
        const std::scoped_lock lock(mutex_);
        slot_ = {std::move(job), slot_.generation + 1};
        generation = slot_.generation;
        mirror_.store(generation, std::memory_order_relaxed);
    }
    changed_.notify_all();
    return generation;
}

WorkBoard::Posted WorkBoard::current() const {
    const std::scoped_lock lock(mutex_);
    return slot_;
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
    room_.notify_all();
}

bool Backlog::wait_for_room(std::stop_token stop) const {
    if (!full()) return !stop.stop_requested();
    std::unique_lock lock(mutex_);
    return room_.wait(lock, std::move(stop), [&] { return !full(); });
}

}  // namespace lode::engine
