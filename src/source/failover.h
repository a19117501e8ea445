// Several sources as one: the first that works is mined for, and an earlier one again as soon as it works
// again.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "lode/result.h"
#include "lode/source.h"

namespace lode::source {

struct FailoverOptions {
    int rounds = -1;  // times that every source may fail in a row before giving up; -1: no end
    std::chrono::milliseconds pause{1000};  // between rounds; doubles up to a minute, with jitter
    std::chrono::milliseconds probe_every{
        30000};  // how often an earlier source is tried beside the one in use
    std::chrono::milliseconds probe_time{20000};  // how long it has to come up with a job
};

// Makes the source anew: with few retries, so that it gives up soon when it does not answer.
struct FailoverChild {
    std::string name;
    std::function<Result<std::unique_ptr<WorkSource>>()> make;
};

// At least one child, best first.
std::unique_ptr<WorkSource> make_failover(std::vector<FailoverChild> children, FailoverOptions options,
                                          boost::asio::any_io_executor executor);

}  // namespace lode::source
