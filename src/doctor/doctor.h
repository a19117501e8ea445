// Connects to a pool (Stratum V1 or V2) or a node and says which rules it keeps.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "doctor/report.h"
#include "lode/result.h"
#include "lode/source_options.h"
#include "util/url.h"

namespace lode::doctor {

struct Options {
    SourceOptions source;                      // user, password, TLS, cookie, network, peers, as for mining
    std::string expect_addr;                   // that a pool's coinbase has to pay; empty: any
    bool probe = false;                        // also send what is wrong: few requests, and shares that miss
    std::chrono::milliseconds listen{10'000};  // for a pool's jobs, after the first
};

// One thread's, the executor's.
class Examination {
 public:
    Examination() = default;
    Examination(const Examination&) = delete;
    Examination& operator=(const Examination&) = delete;
    virtual ~Examination() = default;  // ends it without an answer

    // The error: it could not be reached, or refuses to talk to us. Called once, not from within; the report
    // lives as long as this.
    using Done = std::function<void(Result<const Report*>)>;
    virtual void start(Done done) = 0;
};

// Usage: a URL of neither, or options that it cannot work with.
Result<std::unique_ptr<Examination>> examine(const util::Url& url, const Options& options,
                                             const boost::asio::any_io_executor& executor);

}  // namespace lode::doctor
