// What Sv2Exam asks of a pool, and what it makes of the answers.
#include <concepts>
#include <utility>

#include <fmt/format.h>

#include "chain/target.h"
#include "doctor/sv2_exam.h"
#include "doctor/sv2_rules.h"
#include "util/hex.h"

namespace lode::doctor {
namespace {

using namespace sv2_rules;
using sv2::PoolMessage;

constexpr std::uint32_t kExtendedRequest = 1, kStandardRequest = 2;
constexpr std::uint16_t kMinExtranonce = 4;
constexpr float kHashrate = 1e5F;  // of a slow CPU, so that shares are found at once
constexpr double kMinDifficulty = 1e-6;
constexpr std::size_t kMaxExtranonce = 32;

Uint256 max_target() {
    return chain::target_of_difficulty(kMinDifficulty).value();
}

}  // namespace

void Sv2Exam::ask_setup() {
    sv2::SetupConnection setup;
    setup.flags = sv2::SetupConnection::kVersionRolling;
    setup.host = host_;
    setup.port = port_;
    setup.vendor = options_.user_agent.empty() ? "lode" : options_.user_agent;
    setup.hardware = "doctor";
    setup.firmware = LODE_VERSION;
    ask({.frame = [frame = sv2::to_frame(setup)] { return frame; },
         .timeout = options_.answer,
         .answered =
             [this](const PoolMessage& message) {
                 if (const auto* error = std::get_if<sv2::SetupConnectionError>(&message)) {
                     failed_ = Error{ErrorKind::Refused,
                                     fmt::format("the pool refuses the connection: {} (flags {:#x})",
                                                 util::printable(error->code), error->flags),
                                     {},
                                     {}};
                     return true;
                 }
                 const auto* success = std::get_if<sv2::SetupConnectionSuccess>(&message);
                 if (success != nullptr) set_up(*success);
                 return success != nullptr;
             },
         .missing = [this] { report_.broken(kSetup, "no answer"); },
         .closed = {}});
}

void Sv2Exam::set_up(const sv2::SetupConnectionSuccess& message) {
    report_.held(kSetup, fmt::format("flags {:#x}", message.flags));
    report_.check(kVersion, message.used_version == sv2::kVersion,
                  fmt::format("{} of {}", message.used_version, sv2::kVersion));
    using Success = sv2::SetupConnectionSuccess;
    setup_flags_ = message.flags;
    const std::uint32_t unknown = message.flags & ~(Success::kFixedVersion | Success::kExtendedChannelsOnly);
    report_.check(kFlags, (message.flags & Success::kFixedVersion) == 0, fmt::format("{:#x}", message.flags));
    if (unknown != 0) report_.noted(kFlags, fmt::format("{:#x} has no meaning", unknown));
    ask_channels();
}

void Sv2Exam::ask_channels() {
    const auto opens = [this]<typename Success>(std::uint32_t request, auto message, const Success*) {
        ask({.frame = [frame = sv2::to_frame(message)] { return frame; },
             .timeout = options_.answer,
             .answered =
                 [this, request](const PoolMessage& answer) {
                     if (const auto* error = std::get_if<sv2::OpenChannelError>(&answer)) {
                         refused(*error, request);
                         return true;
                     }
                     const auto* success = std::get_if<Success>(&answer);
                     if (success != nullptr) opened(*success, request);
                     return success != nullptr;
                 },
             .missing = [this, request] { not_opened(request, "no answer"); },
             .closed = {}});
    };
    opens(kExtendedRequest,
          sv2::OpenExtendedChannel{kExtendedRequest, options_.user, kHashrate, max_target(), kMinExtranonce},
          static_cast<const sv2::OpenExtendedChannelSuccess*>(nullptr));
    if ((setup_flags_ & sv2::SetupConnectionSuccess::kExtendedChannelsOnly) != 0)
        return report_.noted(kStandard, "the pool says that it opens none");
    opens(kStandardRequest,
          sv2::OpenStandardChannel{kStandardRequest, options_.user, kHashrate, max_target()},
          static_cast<const sv2::OpenStandardChannelSuccess*>(nullptr));
}

template <typename Success>
void Sv2Exam::opened(const Success& message, std::uint32_t request) {
    constexpr bool extended = std::same_as<Success, sv2::OpenExtendedChannelSuccess>;
    const Rule& rule = extended ? kExtended : kStandard;
    report_.check(kRequestId, message.request == request, fmt::format("{} for {}", message.request, request));
    report_.check(kTarget, !message.target.is_zero() && message.target <= max_target(),
                  message.target.is_zero()
                      ? "zero"
                      : fmt::format("difficulty {:.4g}, asked for {:g} or more",
                                    chain::difficulty_of(message.target), kMinDifficulty));
    std::size_t rolled = 0;
    if constexpr (extended) {
        rolled = message.extranonce_size;
        report_.check(kExtranonce, rolled >= kMinExtranonce,
                      fmt::format("{} bytes, asked for {} or more", rolled, kMinExtranonce));
    }
    report_.check(kExtranonceSum, message.prefix.size() + rolled <= kMaxExtranonce,
                  fmt::format("{} and {}", message.prefix.size(), rolled));
    const bool taken =
        groups_.contains(message.channel) || std::ranges::any_of(channels_, [&](const auto& other) {
            return other.channel().id() == message.channel;
        });
    report_.check(kChannelIds, !taken && message.group != message.channel,
                  fmt::format("channel {} of group {}", message.channel,
                              message.group ? std::to_string(*message.group) : "none"));
    if (message.group) groups_.insert(*message.group);
    auto channel = [&] {
        if constexpr (extended)
            return sv2::Channel::open(message, Uint256::max());
        else
            return sv2::Channel::open(message, Uint256::max(), false);
    }();
    if (!channel) return report_.broken(rule, channel.error().text());
    report_.held(rule, fmt::format("channel {}, difficulty {:.4g}", channel->id(), channel->difficulty()));
    channels_.emplace_back(std::move(*channel), options_.job, report_);
}

void Sv2Exam::refused(const sv2::OpenChannelError& message, std::uint32_t request) {
    report_.check(kRequestId, message.request == request, fmt::format("{} for {}", message.request, request));
    not_opened(request, util::printable(message.code, 60));
}

void Sv2Exam::not_opened(std::uint32_t request, const std::string& why) {
    report_.broken(request == kExtendedRequest ? kExtended : kStandard, why);
    refusals_ += " " + why;
}

// Of the channels' extranonces, prefix included.
void Sv2Exam::check_groups() {
    if (channels_.size() < 2) return;
    const auto& one = channels_.front().channel();
    const auto& other = channels_.back().channel();
    if (!one.group() || one.group() != other.group()) return;
    report_.check(kGroupSize, one.full_extranonce_size() == other.full_extranonce_size(),
                  fmt::format("{} and {} bytes", one.full_extranonce_size(), other.full_extranonce_size()));
}

// A faster miner that wants targets a sixteenth harder.
void Sv2Exam::ask_update() {
    const auto& channel = channels_.front().channel();
    const Uint256 most = channel.target() - (channel.target() >> 4);
    auto frame = sv2::to_frame(sv2::UpdateChannel{channel.id(), 2 * kHashrate, most});
    ask({.frame = [frame] { return frame; },
         .timeout = options_.answer,
         .answered =
             [this, most, &channel](const PoolMessage& message) {
                 if (const auto* error = std::get_if<sv2::UpdateChannelError>(&message)) {
                     report_.broken(kUpdate, "refused: " + util::printable(error->code, 60));
                     return true;
                 }
                 const auto* set = std::get_if<sv2::SetTarget>(&message);
                 if (set == nullptr || !channel.addressed_by(set->channel)) return false;
                 report_.check(kUpdate, set->target <= most,
                               fmt::format("difficulty {:.4g}, asked for {:.4g} or more",
                                           chain::difficulty_of(set->target), chain::difficulty_of(most)));
                 return true;
             },
         .missing = [this] { report_.broken(kUpdate, "no SetTarget"); },
         .closed = {}});
}

}  // namespace lode::doctor
