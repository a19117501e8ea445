// A mining channel: which of its jobs to mine, with which target and extranonce prefix. Without I/O.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

#include "lode/job.h"
#include "lode/result.h"
#include "source/sv2/channel_messages.h"
#include "source/sv2/job_messages.h"

namespace lode::source::sv2 {

using TimePoint = std::chrono::steady_clock::time_point;

// Messages must be passed in order of arrival, since the order determines which jobs SetTarget and
// SetExtranoncePrefix apply to. An Error means that the server violates the protocol; the channel must not be
// used after it.
class Channel {
 public:
    // max_target: as requested; caps an easier target of the server. fixed_version: no version rolling.
    static Result<Channel> open(const OpenExtendedChannelSuccess& opened, const Uint256& max_target);
    static Result<Channel> open(const OpenStandardChannelSuccess& opened, const Uint256& max_target,
                                bool fixed_version);

    [[nodiscard]] std::uint32_t id() const { return id_; }
    [[nodiscard]] bool extended() const { return extended_; }
    [[nodiscard]] std::uint32_t extranonce_size() const { return extranonce_size_; }
    // Of the coinbase's extranonce: the prefix, and what is rolled.
    [[nodiscard]] std::size_t full_extranonce_size() const { return prefix_.size() + extranonce_size_; }
    [[nodiscard]] std::optional<std::uint32_t> group() const { return group_; }
    [[nodiscard]] const Uint256& target() const { return target_; }  // of later jobs
    [[nodiscard]] double difficulty() const;                         // of that target
    // The channel's id, or its group's.
    [[nodiscard]] bool addressed_by(std::uint32_t channel) const {
        return channel == id_ || channel == group_;
    }

    // For messages to this channel, see addressed_by(). They return whether the work has changed.
    Result<bool> take(const NewExtendedMiningJob& job);
    Result<bool> take(const NewMiningJob& job);
    // Activates an unknown job: there is no work until the next job.
    Result<bool> take(const SetNewPrevHash& prev, TimePoint now);
    Result<void> take(const SetTarget& message);
    Result<void> take(const SetExtranoncePrefix& message);
    void take(const SetGroupChannel& message);
    // Applies the newest target to the current job too, which must exist.
    void bind_target() { work_->target = target_; }

    [[nodiscard]] bool has_work() const { return work_.has_value(); }
    // The job to mine now, neither sealed nor with a context. late: with the latest allowed time, which gives
    // a new search space. version_mask: the bits to roll if the server allows any.
    [[nodiscard]] Job draft(std::uint32_t version_mask, TimePoint now, bool late) const;

 private:
    // A job of either kind, with the terms at its arrival.
    struct Work {
        NewExtendedMiningJob job;
        std::optional<Hash256> merkle_root;  // of a standard job, instead of path and coinbase
        Bytes prefix;
        Uint256 target;
        std::uint32_t time = 0;  // to start from
    };
    struct Tip {
        Hash256 prev;
        std::uint32_t min_ntime = 0, bits = 0;
        Uint256 block_target;
        TimePoint since;
    };

    Channel(std::uint32_t id, std::optional<std::uint32_t> group, Bytes prefix, std::uint32_t extranonce_size,
            bool extended, const Uint256& max_target)
        : id_(id),
          group_(group),
          prefix_(std::move(prefix)),
          extranonce_size_(extranonce_size),
          extended_(extended),
          max_target_(max_target) {}
    Result<void> set_target(const Uint256& target);
    Result<void> check_prefix(const Bytes& prefix) const;
    Result<bool> add(Work work);

    std::uint32_t id_;
    std::optional<std::uint32_t> group_;
    Bytes prefix_;  // of later jobs
    std::uint32_t extranonce_size_;
    bool extended_;
    bool fixed_version_ = false;
    Uint256 max_target_, target_;
    std::deque<Work> future_;  // oldest first
    std::optional<Tip> tip_;
    std::optional<Work> work_;
};

}  // namespace lode::source::sv2
