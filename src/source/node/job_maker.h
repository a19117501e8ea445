// Jobs for a node's templates, signed by the node's wallet where a signet requires that (BIP 325).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "lode/source_options.h"
#include "net/timer.h"
#include "source/node/node_link.h"
#include "source/node/solo_job.h"

namespace lode::source::node {

// Used on the io thread.
class JobMaker {
 public:
    using TimePoint = std::chrono::steady_clock::time_point;
    struct Hooks {
        std::function<void(JobPtr)> publish;
        std::function<void()> spent;  // the nonces of a signed job: another signature is needed
    };

    // script: the scriptPubKey that gets the reward. Failures go to the link.
    JobMaker(const boost::asio::any_io_executor& executor, NodeLink& link, const SourceOptions& options,
             std::vector<std::uint8_t> script, Hooks hooks);

    void set_network(const std::string& network) { network_ = network; }

    // A job without a signature: what a proposal needs. received: when the template came.
    [[nodiscard]] Result<JobPtr> draft(const TemplatePtr& work, TimePoint received, bool clean);
    // Publishes a job, now or when the wallet has signed it.
    void make(const TemplatePtr& work, TimePoint received, bool clean);
    // A job that still awaits its signature is not to be published.
    void drop_unsigned() { unsigned_ = nullptr; }
    // The same, and nonces are not watched until the next job.
    void stop();

    // The last job has a signature, and all its nonces have been claimed.
    [[nodiscard]] bool spent() const;

 private:
    [[nodiscard]] JobSpec describe(TimePoint received, bool clean);
    void have_signed(const TemplatePtr& work, const JobSpec& spec);
    void publish(const Result<JobPtr>& job);
    void watch_nonces();

    NodeLink& link_;
    const SourceOptions options_;
    const std::vector<std::uint8_t> script_;
    const Hooks hooks_;
    net::Timer renew_timer_;
    std::string network_;
    TemplatePtr unsigned_;
    JobPtr job_;                // the last one published
    std::uint64_t serial_ = 0;  // extranonce1: starts at random, incremented per job
};

}  // namespace lode::source::node
