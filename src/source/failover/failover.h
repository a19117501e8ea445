// Failover: mines on the first source that works, and returns to an earlier one as soon as it works again.
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
    int rounds = -1;  // consecutive rounds in which every source fails before giving up; -1: no limit
    std::chrono::milliseconds pause{1000};  // between rounds; doubles up to 50 s, with jitter
    std::chrono::milliseconds probe_every{
        30000};  // how often an earlier source is probed while another is in use
    std::chrono::milliseconds probe_time{20000};  // how long a probe may take to publish a job
};

// Creates the source, with few retries, so that it gives up early if it does not answer.
struct FailoverChild {
    std::string name;
    std::function<Result<std::unique_ptr<WorkSource>>()> make;
};

// At least one child, in order of preference.
std::unique_ptr<WorkSource> make_failover(std::vector<FailoverChild> children, FailoverOptions options,
                                          boost::asio::any_io_executor executor);

}  // namespace lode::source
