#include "source/sv2/channel.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "chain/target.h"
#include "work/coinbase.h"

namespace lode::source::sv2 {
namespace {

constexpr std::size_t kMaxExtranonce = 32;  // bytes of prefix and rolled part together (5.3.5)
constexpr std::size_t kMaxFutureJobs = 16;  // servers keep one or two
constexpr std::size_t kMaxPath = 32;  // a block's four million weight units hold under 2^17 transactions

// Detects marker and flag of BIP 144: with them the hash would be the wtxid.
bool has_witness(const Bytes& coinbase) {
    return coinbase.size() > 5 && coinbase[4] == 0 && coinbase[5] == 1;
}

Result<void> check_job(const NewExtendedMiningJob& job) {
    if (job.path.size() > kMaxPath)
        return fail(ErrorKind::Malformed, fmt::format("a merkle path of {} hashes", job.path.size()),
                    "NewExtendedMiningJob", fmt::format("at most {}", kMaxPath));
    if (has_witness(job.coinbase_prefix))
        return fail(ErrorKind::Malformed, "a coinbase with its witness", "NewExtendedMiningJob",
                    "one without marker and flag");
    return {};
}

}  // namespace

Result<Channel> Channel::open(const OpenExtendedChannelSuccess& opened, const Uint256& max_target) {
    Channel channel(opened.channel, opened.group, {}, opened.extranonce_size, true, max_target);
    if (const auto fits = channel.check_prefix(opened.prefix); !fits) return tl::unexpected(fits.error());
    if (const auto set = channel.set_target(opened.target); !set) return tl::unexpected(set.error());
    channel.prefix_ = opened.prefix;
    return channel;
}

Result<Channel> Channel::open(const OpenStandardChannelSuccess& opened, const Uint256& max_target,
                              bool fixed_version) {
    Channel channel(opened.channel, opened.group, opened.prefix, 0, false, max_target);
    channel.fixed_version_ = fixed_version;
    if (const auto set = channel.set_target(opened.target); !set) return tl::unexpected(set.error());
    return channel;
}

Result<void> Channel::set_target(const Uint256& target) {
    if (target.is_zero())
        return fail(ErrorKind::Malformed, "a target of zero, which no hash meets", "share target");
    target_ = std::min(target, max_target_);
    return {};
}

Result<void> Channel::check_prefix(const Bytes& prefix) const {
    if (prefix.size() + extranonce_size_ <= kMaxExtranonce) return {};
    return fail(ErrorKind::Malformed,
                fmt::format("a prefix of {} bytes and {} to roll", prefix.size(), extranonce_size_),
                "extranonce", fmt::format("at most {} together", kMaxExtranonce));
}

double Channel::difficulty() const {
    return chain::difficulty_of(target_);
}

Result<bool> Channel::take(const NewExtendedMiningJob& job) {
    if (const auto good = check_job(job); !good) return tl::unexpected(good.error());
    return add({job, std::nullopt, prefix_, target_, job.min_ntime.value_or(0)});
}

Result<bool> Channel::take(const NewMiningJob& job) {
    if (extended_) return fail(ErrorKind::Malformed, "a standard job on an extended channel", "NewMiningJob");
    const NewExtendedMiningJob as_extended{
        job.channel, job.job, job.min_ntime, job.version, !fixed_version_, {}, {}, {}};
    return add({as_extended, job.merkle_root, prefix_, target_, job.min_ntime.value_or(0)});
}

Result<bool> Channel::add(Work work) {
    if (work.job.min_ntime) {
        if (!tip_)
            return fail(ErrorKind::Malformed, "a job to be mined now before any SetNewPrevHash", "job");
        work_ = std::move(work);
        return true;
    }
    std::erase_if(future_, [&](const Work& other) { return other.job.job == work.job.job; });
    if (future_.size() >= kMaxFutureJobs) future_.pop_front();
    future_.push_back(std::move(work));
    return false;
}

Result<bool> Channel::take(const SetNewPrevHash& prev, TimePoint now) {
    const auto block_target = chain::parse_bits(prev.bits);
    if (!block_target) return tl::unexpected(block_target.error().at("SetNewPrevHash"));
    tip_ = Tip{prev.prev, prev.min_ntime, prev.bits, *block_target, now};
    auto future = std::exchange(future_, {});
    const auto found =
        std::ranges::find_if(future, [&](const Work& work) { return work.job.job == prev.job; });
    work_.reset();
    if (found == future.end()) return true;
    work_ = std::move(*found);
    work_->target = target_;
    work_->time = prev.min_ntime;
    return true;
}

Result<void> Channel::take(const SetTarget& message) {
    return set_target(message.target);
}

Result<void> Channel::take(const SetExtranoncePrefix& message) {
    if (auto fits = check_prefix(message.prefix); !fits) return fits;
    prefix_ = message.prefix;
    return {};
}

void Channel::take(const SetGroupChannel& message) {
    if (std::ranges::find(message.channels, id_) != message.channels.end()) group_ = message.group;
}

Job Channel::draft(std::uint32_t version_mask, TimePoint now, bool late) const {
    const Work& work = *work_;
    // min_ntime to min_ntime and the seconds since SetNewPrevHash, never backwards
    const auto since = std::chrono::duration_cast<std::chrono::seconds>(now - tip_->since).count();
    const auto latest =
        std::max(work.time, tip_->min_ntime + static_cast<std::uint32_t>(std::max<std::int64_t>(since, 0)));
    Job job;
    job.id = std::to_string(work.job.job);
    job.version = work.job.version;
    job.version_mask = work.job.version_rolling ? version_mask : 0;
    job.prev = tip_->prev;
    job.time = late ? latest : work.time;
    job.max_time_roll = latest - job.time;
    job.bits = tip_->bits;
    job.block_target = tip_->block_target;
    job.share_target = work.target;
    job.difficulty = chain::difficulty_of(work.target);
    if (work.merkle_root) {
        job.merkle_root = work.merkle_root;
        return job;
    }
    job.coinbase1 = work.job.coinbase_prefix;
    job.extranonce1 = work.prefix;
    job.extranonce2_size = extranonce_size_;
    job.coinbase2 = work.job.coinbase_suffix;
    job.branch = work.job.path;
    job.height = work::coinbase_height(job.coinbase1).value_or(-1);
    return job;
}

}  // namespace lode::source::sv2
