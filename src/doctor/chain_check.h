// Whether work is on the chain that peers have.
#pragma once

#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "doctor/report.h"
#include "lode/job.h"
#include "lode/source_options.h"
#include "net/timer.h"
#include "source/judged/chain_watch.h"

namespace lode::doctor {

class ChainCheck {
 public:
    ChainCheck(SourceOptions options, const boost::asio::any_io_executor& executor);
    ~ChainCheck() { watches_.stop(); }
    ChainCheck(const ChainCheck&) = delete;
    ChainCheck& operator=(const ChainCheck&) = delete;

    // Judges the job once the peers have told all they have, after 20 s at the latest. Without peers, or a
    // job, done comes at once, and from within.
    void start(JobPtr job, Report& report, std::function<void()> done);

 private:
    void look();

    SourceOptions options_;
    source::ChainWatches watches_;
    source::ChainWatch* watch_ = nullptr;
    JobPtr job_;
    Report* report_ = nullptr;
    std::function<void()> done_;
    net::Timer::Clock::time_point until_;
    net::Timer timer_;
};

}  // namespace lode::doctor
