// A source whose jobs are compared with the header tree before they are mined.
#pragma once

#include <chrono>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "lode/source.h"
#include "lode/source_options.h"
#include "source/judged/chain_watch.h"

namespace lode::source {

struct JudgeOptions {
    OnBadJob on_bad_job = OnBadJob::Warn;
    // Grace period: blocks reach us and a pool at different times, so a job may be behind or ahead for a
    // while.
    std::chrono::milliseconds ask_after{2'000};
    std::chrono::milliseconds grace{10'000};
};

// The judgement of every job is reported and counted. Pause: a bad job is not mined until its judgement
// changes. Failover: the source gives up (Refused).
std::unique_ptr<WorkSource> make_judged(std::unique_ptr<WorkSource> inner,
                                        std::shared_ptr<ChainWatches> watches, JudgeOptions options,
                                        const boost::asio::any_io_executor& executor);

}  // namespace lode::source
