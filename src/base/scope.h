// Cancels callbacks when their owner is destroyed: the idiom for lifetimes on the io thread.
#pragma once

#include <concepts>
#include <memory>
#include <utility>

namespace lode::base {

// A member of a class that hands out callbacks referring to it; declared last, so that it is destroyed first.
// Not thread-safe.
//
// Two rules: a callback that may outlive its owner goes through guard(); what an asynchronous operation
// refers to (a socket, a buffer) is owned by that operation, not by its initiator (see net/stream.h).
class Scope {
 public:
    Scope() = default;
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

    // Wraps the callback; it does nothing once the scope is closed or destroyed. It may destroy the owner.
    template <typename Callback>
    [[nodiscard]] auto guard(Callback callback) const {
        return [ open = std::weak_ptr<const int>(open_), callback = std::move(callback) ]<typename... Args>(
            Args && ... args) mutable requires std::invocable<Callback&, Args...> {
            if (!open.expired()) callback(std::forward<Args>(args)...);
        };
    }
    // Permanently disables all callbacks handed out, including those already queued.
    void close() { open_.reset(); }
    [[nodiscard]] bool closed() const { return open_ == nullptr; }
    // Like close(), but only for callbacks handed out so far.
    void renew() { open_ = std::make_shared<const int>(0); }

 private:
    std::shared_ptr<const int> open_ = std::make_shared<const int>(0);
};

}  // namespace lode::base
