// Limits of retries and redirects of a pool.
#pragma once

#include <chrono>
#include <optional>

#include "net/backoff.h"

namespace lode::source::pool {

class RetryPolicy {
 public:
    // budget: consecutive failures that are followed by another attempt; -1: no limit.
    RetryPolicy(int budget, std::chrono::milliseconds first_pause) : budget_(budget), backoff_(first_pause) {}

    // A successful session has ended: resets the counts of failures and redirects.
    void went_well() {
        failures_ = redirects_ = 0;
        backoff_.reset();
    }
    // The pause before the next attempt; nullopt if the budget is exhausted.
    std::optional<std::chrono::milliseconds> failed() {
        redirects_ = 0;
        if (budget_ >= 0 && failures_ >= budget_) return std::nullopt;
        ++failures_;
        return backoff_.next();
    }
    // False: too many in a row, which counts as a failure.
    bool redirected() { return ++redirects_ <= kMaxRedirects; }

 private:
    static constexpr int kMaxRedirects = 5;
    int budget_;
    net::Backoff backoff_;
    int failures_ = 0, redirects_ = 0;
};

}  // namespace lode::source::pool
