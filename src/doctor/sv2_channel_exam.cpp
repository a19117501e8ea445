#include "doctor/sv2_channel_exam.h"

#include <algorithm>
#include <concepts>

#include <fmt/format.h>

#include "chain/target.h"
#include "doctor/coinbase_exam.h"
#include "work/roll.h"

namespace lode::doctor {
namespace {

constexpr Rule kFirst{"first-job", "the first job of a channel is a future job", "Stratum V2, 5.3.15"};
constexpr Rule kOrder{"job-order", "a job to be mined at once comes after a SetNewPrevHash",
                      "Stratum V2, 5.3.15 and 5.3.16"};
constexpr Rule kJobId{"job-id", "a job's id is in use by no other valid job of the channel",
                      "Stratum V2, 5.3.15 and 5.3.16"};
constexpr Rule kPrevHash{"new-prev-hash", "SetNewPrevHash names a job that was sent as a future job",
                         "Stratum V2, 5.3.17"};
constexpr Rule kBits{"nbits", "nBits is a target that a hash can meet", "Bitcoin Core, CheckProofOfWork"};
constexpr Rule kRolling{"version-rolling", "every job allows version rolling, which was required",
                        "Stratum V2, 5.3.1"};
constexpr Rule kPath{"merkle-path", "the merkle path has at most 32 hashes",
                     "4,000,000 weight units (BIP 141)"};
constexpr Rule kStripped{"coinbase-stripped", "an extended job's coinbase has no marker, flag and witness",
                         "Stratum V2, 3.7.1"};
constexpr Rule kJob{"job", "a job can be mined", "Stratum V2, 5.3.15 and 5.3.16"};
constexpr Rule kSetTarget{"set-target", "SetTarget sets a target above zero", "Stratum V2, 5.3.21"};
constexpr Rule kSetPrefix{"set-prefix", "SetExtranoncePrefix leaves 32 bytes of extranonce at most",
                          "Stratum V2, 5.1.2.1 and 5.3.10"};

constexpr std::size_t kMaxPath = 32;
constexpr std::size_t kMaxJobs = 10'000;     // whose ids are kept
constexpr std::uint32_t kMask = 0x1fffe000;  // BIP 320, which is part of what BIP 323 allows

// Whether it is one that a miner can work on.
bool examine_content(const sv2::NewExtendedMiningJob& job, Report& report) {
    report.check(kRolling, job.version_rolling,
                 job.version_rolling ? "" : fmt::format("job {} does not", job.job));
    report.check(kPath, job.path.size() <= kMaxPath, fmt::format("{}", job.path.size()));
    const auto& coinbase = job.coinbase_prefix;
    const bool witness = coinbase.size() > 5 && coinbase[4] == 0 && coinbase[5] == 1;  // BIP 144
    report.check(kStripped, !witness, witness ? fmt::format("job {} has them", job.job) : "");
    return !witness && job.path.size() <= kMaxPath;
}
bool examine_content(const sv2::NewMiningJob&, Report&) {
    return true;
}

}  // namespace

template <typename NewJob>
void Sv2ChannelExam::take_job(const NewJob& job, TimePoint now) {
    if (++jobs_ == 1)
        report_.check(kFirst, !job.min_ntime,
                      fmt::format("job {} {}", job.job,
                                  job.min_ntime ? "is to be mined at once" : "is for the future"));
    if (valid_.size() >= kMaxJobs) {
        valid_.clear();
        future_.clear();
    }
    report_.check(kJobId, valid_.insert(job.job).second, fmt::format("{} of {}", job.job, kind()));
    if (!job.min_ntime) future_.insert(job.job);
    if (job.min_ntime) {
        report_.check(kOrder, blocks_ > 0, blocks_ > 0 ? "" : fmt::format("job {} came before any", job.job));
        if (blocks_ == 0) return;
        examine_time(*job.min_ntime, options_, report_);
    }
    if (!examine_content(job, report_)) return;
    const auto taken = channel_.take(job);
    if (!taken) return report_.broken(kJob, taken.error().text());
    if (*taken) draft(now);
}

void Sv2ChannelExam::take(const sv2::NewExtendedMiningJob& job, TimePoint now) {
    take_job(job, now);
}

void Sv2ChannelExam::take(const sv2::NewMiningJob& job, TimePoint now) {
    take_job(job, now);
}

void Sv2ChannelExam::take(const sv2::SetNewPrevHash& message, TimePoint now) {
    ++blocks_;
    const bool known = future_.contains(message.job);
    report_.check(kPrevHash, known,
                  fmt::format("job {}{}", message.job, known ? "" : ", which was not sent as one"));
    report_.check(kBits, chain::parse_bits(message.bits).has_value(), fmt::format("{:08x}", message.bits));
    examine_time(message.min_ntime, options_, report_);
    if (job_) stale_ = std::exchange(job_, nullptr);
    valid_ = {message.job};
    future_.clear();
    const auto taken = channel_.take(message, now);
    if (taken && channel_.has_work()) draft(now);
}

void Sv2ChannelExam::draft(TimePoint now) {
    Job job = channel_.draft(kMask, now, false);
    job.network = options_.network;
    if (!job.merkle_root) examine_coinbase(job, options_, report_);
    report_.held(kJob, fmt::format("job {} of the {} channel", job.id, kind()));
    job_ = work::seal(std::move(job));
}

template <typename Message>
void Sv2ChannelExam::apply(const Rule& rule, const Message& message) {
    if (const auto taken = channel_.take(message); taken)
        report_.held(rule);
    else
        report_.broken(rule, taken.error().text());
}

void Sv2ChannelExam::take(const sv2::SetTarget& message, TimePoint) {
    apply(kSetTarget, message);
}

void Sv2ChannelExam::take(const sv2::SetExtranoncePrefix& message, TimePoint) {
    apply(kSetPrefix, message);
}

void Sv2ChannelExam::take(const sv2::SetGroupChannel& message, TimePoint) {
    channel_.take(message);
}

}  // namespace lode::doctor
