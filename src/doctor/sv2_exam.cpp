#include "doctor/sv2_exam.h"

#include <algorithm>
#include <concepts>
#include <utility>

#include <fmt/format.h>

#include "chain/target.h"
#include "util/hex.h"

namespace lode::doctor {
namespace {

using namespace std::chrono_literals;
using sv2::PoolMessage;

constexpr Rule kSetup{"setup", "SetupConnection is answered with Success or Error", "Stratum V2, 3.6.1"};
constexpr Rule kVersion{"version", "the version used is one that was offered", "Stratum V2, 3.6.2"};
constexpr Rule kFlags{"setup-flags", "REQUIRES_FIXED_VERSION is not set where version rolling was required",
                      "Stratum V2, 5.3.1"};
constexpr Rule kExtended{"extended-channel", "an extended channel can be opened", "Stratum V2, 5.2.2"};
constexpr Rule kStandard{"standard-channel", "a standard channel can be opened", "Stratum V2, 5.2.2"};
constexpr Rule kRequestId{"request-id", "an answer carries the request_id of its request",
                          "Stratum V2, 5.3.3"};
constexpr Rule kChannelIds{"channel-ids", "ids of channels and groups are unique in a connection",
                           "Stratum V2, 5.2 and 5.2.3"};
constexpr Rule kTarget{"target", "the target is above zero and at most the max_target asked for",
                       "Stratum V2, 5.3.2"};
constexpr Rule kExtranonce{"extranonce", "extranonce_size is what was asked for or more",
                           "Stratum V2, 5.3.4"};
constexpr Rule kExtranonceSum{"extranonce-sum", "prefix and extranonce have 32 bytes at most",
                              "Stratum V2, 5.1.2.1"};
constexpr Rule kGroupSize{"group-extranonce", "all channels of a group have extranonces of the same size",
                          "Stratum V2, 5.2.3"};
constexpr Rule kAddressed{"addressed", "messages go to channels and groups that are open", "Stratum V2, 5.2"};
constexpr Rule kFirstJob{"first-work", "every channel gets work", "Stratum V2, 5.3.15"};
constexpr Rule kRate{"job-rate", "how often jobs and new blocks come", "counted"};
constexpr Rule kUpdate{"update-channel", "a smaller maximum_target is followed by a SetTarget within it",
                       "Stratum V2, 5.3.7"};
constexpr Rule kReconnect{"reconnect", "Reconnect names a host, or nothing", "Stratum V2, 3.6.5"};
constexpr Rule kMessages{"messages", "messages have all of their fields", "Stratum V2, 3.1"};
constexpr Rule kChannelBit{"channel-bit", "the channel_msg bit is set for messages of a channel only",
                           "Stratum V2, 3.2.1 and 8"};
constexpr Rule kExtension{"extension", "no message of an extension that was not negotiated",
                          "Stratum V2, 3.4.2"};
constexpr Rule kUnknown{"unknown-type", "only messages that a pool sends", "Stratum V2, 8"};
constexpr Rule kCodes{"error-codes", "codes have no control characters", "Stratum V2, 3.5"};
constexpr Rule kStays{"stays", "the pool keeps the connection and its channels open", "Stratum V2, 5.2"};

constexpr std::uint32_t kExtendedRequest = 1, kStandardRequest = 2;
constexpr std::uint16_t kMinExtranonce = 4;
constexpr float kHashrate = 1e5F;  // of a slow CPU, so that shares are found at once
constexpr double kMinDifficulty = 1e-6;
constexpr std::size_t kMaxExtranonce = 32;

Uint256 max_target() {
    return chain::target_of_difficulty(kMinDifficulty).value();
}

bool is_host(const std::string& text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '-' || c == ':';
    });
}

// Of the types of section 8 that a pool sends.
bool wants_channel_bit(const PoolMessage& message) {
    return std::visit([]<typename Message>(const Message&) { return Message::kChannel; }, message);
}

}  // namespace

Sv2Exam::Sv2Exam(PoolExamOptions options, std::string host, std::uint16_t port, Report& report)
    : options_(std::move(options)), host_(std::move(host)), port_(port), report_(report) {}

JobPtr Sv2Exam::job() const {
    for (const auto& channel : channels_)
        if (channel.job()) return channel.job();
    return nullptr;
}

void Sv2Exam::start(TimePoint now) {
    ask_setup();
    next(now);
}

// The next request; without one, the next stage.
void Sv2Exam::next(TimePoint now) {
    if (done_) return;
    if (failed_) return end();
    for (; !steps_.empty(); steps_.pop_front()) {
        auto frame = steps_.front().frame();
        if (!frame) continue;
        waiting_ = true;
        asked_ = now;
        deadline_ = now + steps_.front().timeout;
        return sent_.push_back(std::move(*frame));
    }
    switch (stage_) {
        case Stage::Opening:
            if (channels_.empty()) {
                if (!refusals_.empty())
                    failed_ =
                        Error{ErrorKind::Refused, "the pool refuses every channel:" + refusals_, {}, {}};
                return end();
            }
            check_groups();
            stage_ = Stage::Listening;
            listening_since_ = now;
            deadline_ = now + (job() ? options_.listen : options_.first_job);
            return;
        case Stage::Listening:
            return;
        case Stage::Updating:
            return conclude(now);
        case Stage::Probing:
            return end();
    }
}

void Sv2Exam::tick(TimePoint now) {
    if (done_ || now < deadline_) return;
    if (waiting_) {
        waiting_ = false;
        const Step step = std::move(steps_.front());
        steps_.pop_front();
        step.missing();
        return next(now);
    }
    if (stage_ == Stage::Listening) listened(now);
}

void Sv2Exam::listened(TimePoint now) {
    for (const auto& channel : channels_)
        report_.check(kFirstJob, channel.job() != nullptr,
                      channel.job() ? "" : fmt::format("none for the {} channel", channel.kind()));
    if (!job()) return end();
    ask_update();
    stage_ = Stage::Updating;
    next(now);
}

void Sv2Exam::conclude(TimePoint now) {
    std::string text;
    for (const auto& channel : channels_)
        text += fmt::format("{}{}: {} jobs, {} new blocks", text.empty() ? "" : ", ", channel.kind(),
                            channel.jobs(), channel.blocks());
    const double seconds = std::chrono::duration<double>(now - listening_since_).count();
    report_.held(kRate, fmt::format("{} in {:.1f} s", text, seconds));
    latencies_.conclude(report_);
    done_ = true;
}

void Sv2Exam::end() {
    done_ = over_ = true;
    latencies_.conclude(report_);
}

void Sv2Exam::closed(const Error& error) {
    if (over_) return;
    if (waiting_ && steps_.front().closed) {
        steps_.front().closed(error);
    } else if (report_.findings().empty() || (channels_.empty() && stage_ == Stage::Opening)) {
        failed_ = error;
    } else {
        report_.broken(kStays, error.text());
    }
    end();
}

// --- what comes

void Sv2Exam::frame(const sv2::Frame& frame, TimePoint now) {
    if (over_) return;
    if (frame.extension != 0) return check_frame(frame);
    const auto message = sv2::parse_pool_message(frame);
    if (!message) return report_.broken(kMessages, message.error().text());
    report_.held(kMessages);
    if (!*message) return check_frame(frame);
    report_.check(
        kChannelBit, frame.channel == wants_channel_bit(**message),
        frame.channel == wants_channel_bit(**message)
            ? ""
            : fmt::format("type {:#04x} comes {} it", frame.type, frame.channel ? "with" : "without"));
    take(**message, now);
    if (!waiting_ || !steps_.front().answered(**message)) return;
    waiting_ = false;
    latencies_.add(now - asked_);
    steps_.pop_front();
    next(now);
}

// One that is not among those of a pool.
void Sv2Exam::check_frame(const sv2::Frame& frame) {
    if (frame.extension == 1)
        return report_.noted(kExtension,
                             fmt::format("RequestExtensions is answered with {:#04x}", frame.type));
    if (frame.extension != 0)
        return report_.broken(kExtension,
                              fmt::format("type {:#04x} of extension {:#06x}", frame.type, frame.extension));
    report_.noted(kUnknown, fmt::format("type {:#04x}", frame.type));
}

void Sv2Exam::check_code(const std::string& code) {
    const bool clean = std::ranges::none_of(code, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    report_.check(kCodes, clean, util::printable(code, 60));
}

void Sv2Exam::take(const PoolMessage& message, TimePoint now) {
    std::visit(
        [&]<typename Message>(const Message& typed) {
            if constexpr (requires { typed.code; }) check_code(typed.code);
            if constexpr (requires { typed.reason; }) check_code(typed.reason);
            if constexpr (std::same_as<Message, sv2::Reconnect>) reconnect(typed);
            if constexpr (std::same_as<Message, sv2::CloseChannel>)
                report_.broken(kStays, fmt::format("channel {} is closed: {}", typed.channel,
                                                   util::printable(typed.reason, 60)));
            if constexpr (std::same_as<Message, sv2::SetGroupChannel>) {
                groups_.insert(typed.group);
                for (auto& channel : channels_) channel.take(typed, now);
            }
            if constexpr (requires(Sv2ChannelExam & channel) { channel.take(typed, now); } &&
                          !std::same_as<Message, sv2::SetGroupChannel>)
                to_channels(typed, now);
        },
        message);
}

template <typename Message>
void Sv2Exam::to_channels(const Message& message, TimePoint now) {
    bool known = groups_.contains(message.channel);
    for (auto& channel : channels_) {
        if (!channel.channel().addressed_by(message.channel)) continue;
        known = true;
        const bool first = !job();
        channel.take(message, now);
        if (first && job() && stage_ == Stage::Listening) deadline_ = now + options_.listen;
    }
    report_.check(kAddressed, known,
                  known ? "" : fmt::format("type {:#04x} goes to {}", Message::kType, message.channel));
}

void Sv2Exam::reconnect(const sv2::Reconnect& message) {
    if (!is_host(message.host)) return report_.broken(kReconnect, util::printable(message.host, 60));
    report_.noted(kReconnect, fmt::format("to {}:{}", message.host.empty() ? host_ : message.host,
                                          message.port == 0 ? port_ : message.port));
}

// --- the connection

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

// --- channels

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
