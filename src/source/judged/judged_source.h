// A source whose jobs are held against the header tree before they are mined.
#pragma once

#include <chrono>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "lode/source.h"
#include "source/judged/chain_watch.h"
#include "source/options.h"

namespace lode::source {

struct JudgeOptions {
    OnBadJob on_bad_job = OnBadJob::Warn;
    // Blocks reach us and a pool in any order, so for a while a job may be behind or ahead.
    std::chrono::milliseconds ask_after{2'000};
    std::chrono::milliseconds grace{10'000};
};

// Every job is reported with its judgement and counted. Pause: a bad one is not mined; it is when the
// judgement changes. Failover: the source gives up (Refused).
std::unique_ptr<WorkSource> make_judged(std::unique_ptr<WorkSource> inner,
                                        std::shared_ptr<ChainWatches> watches, JudgeOptions options,
                                        const boost::asio::any_io_executor& executor);

}  // namespace lode::source
