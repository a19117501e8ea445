// What a pool sends to one mining channel of Stratum V2, held against the rules.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "doctor/job_exam.h"
#include "source/sv2/channel.h"

namespace lode::doctor {

namespace sv2 = source::sv2;

class Sv2ChannelExam {
 public:
    using TimePoint = std::chrono::steady_clock::time_point;

    // options and report must outlive it.
    Sv2ChannelExam(sv2::Channel channel, const JobExamOptions& options, Report& report)
        : channel_(std::move(channel)), options_(options), report_(report) {}

    void take(const sv2::NewExtendedMiningJob& job, TimePoint now);
    void take(const sv2::NewMiningJob& job, TimePoint now);
    void take(const sv2::SetNewPrevHash& message, TimePoint now);
    void take(const sv2::SetTarget& message, TimePoint now);
    void take(const sv2::SetExtranoncePrefix& message, TimePoint now);
    void take(const sv2::SetGroupChannel& message, TimePoint now);

    [[nodiscard]] const sv2::Channel& channel() const { return channel_; }
    [[nodiscard]] const char* kind() const { return channel_.extended() ? "extended" : "standard"; }
    // What a miner would work on; null before the first new block, or after a violation that leaves no work.
    [[nodiscard]] const JobPtr& job() const { return job_; }
    // The last one that a new block made invalid; null where there was none.
    [[nodiscard]] const JobPtr& stale_job() const { return stale_; }
    [[nodiscard]] std::size_t jobs() const { return jobs_; }
    [[nodiscard]] std::size_t blocks() const { return blocks_; }

 private:
    template <typename NewJob>
    void take_job(const NewJob& job, TimePoint now);
    template <typename Message>
    void apply(const Rule& rule, const Message& message);
    void draft(TimePoint now);

    sv2::Channel channel_;
    const JobExamOptions& options_;
    Report& report_;
    std::set<std::uint32_t> valid_, future_;  // ids of jobs
    std::size_t jobs_ = 0, blocks_ = 0;
    JobPtr job_, stale_;
};

}  // namespace lode::doctor
