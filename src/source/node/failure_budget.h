// Decides after how many consecutive failures to give up on a node. Without I/O.
#pragma once

#include "source/node/rpc.h"

namespace lode::source::node {

// A node that is down is retried as often as the options allow; a server that only ever sends invalid answers
// is not a node.
class FailureBudget {
 public:
    explicit FailureBudget(int retries) : retries_(retries) {}

    // Records a failure; true if another attempt is pointless.
    bool spend(const RpcFailure& failure) {
        ++failures_;
        malformed_ = failure.error.kind == ErrorKind::Unreachable ? 0 : malformed_ + 1;
        const bool refused =
            (failure.unauthorized() || failure.forbidden()) && failure.error.kind == ErrorKind::Refused;
        return refused || (!served_ && malformed_ >= kMaxMalformed) ||
               (retries_ >= 0 && failures_ > retries_);
    }
    void renew() {
        failures_ = malformed_ = 0;
        served_ = true;
    }

 private:
    static constexpr int kMaxMalformed = 3;  // attempts
    int retries_;
    int failures_ = 0, malformed_ = 0;  // in a row
    bool served_ = false;               // it has given valid work
};

}  // namespace lode::source::node
