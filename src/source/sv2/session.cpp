#include "source/sv2/session.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "util/hex.h"

namespace lode::source::sv2 {

using event::Severity;
using std::chrono::duration_cast;
using std::chrono::seconds;

namespace {

constexpr std::uint32_t kRequest = 1;            // there is one channel
constexpr std::uint16_t kMinExtranonceSize = 4;  // bytes to roll: sufficient for years
constexpr std::size_t kMaxEarly = 64;            // frames before the channel is open

std::string in_seconds(std::chrono::milliseconds time) {
    return std::to_string(duration_cast<seconds>(time).count()) + " s";
}

// Whether it is a host name or an address, or empty.
bool is_host(const std::string& text) {
    return text.size() <= 253 && std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '-' || c == ':';
           });
}

}  // namespace

Session::Session(SessionOptions options, pool::RecentJobs& recent)
    : options_(std::move(options)), recent_(recent), publish_pace_(4, options_.timeouts.publish) {}

std::vector<Action> Session::take_actions() {
    return std::exchange(actions_, {});
}

// ---- opening a channel

void Session::connected(TimePoint now) {
    phase_ = Phase::Setup;
    phase_since_ = last_heard_ = last_progress_ = now;
    SetupConnection setup;
    if (!options_.extended) setup.flags |= SetupConnection::kStandardJobs;
    if (options_.version_mask != 0) setup.flags |= SetupConnection::kVersionRolling;
    setup.host = options_.host;
    setup.port = options_.port;
    setup.vendor = "lode";
    setup.hardware = "SHA-256d engine";
    setup.firmware = LODE_VERSION;
    send(setup);
}

void Session::handle(const SetupConnectionSuccess& message, TimePoint now) {
    if (phase_ != Phase::Setup) return;
    if (message.used_version != kVersion)
        return close({ErrorKind::Refused,
                      fmt::format("the pool chooses version {}", message.used_version),
                      {},
                      fmt::format("version {}, the only one offered", kVersion)});
    if (!options_.extended && (message.flags & SetupConnectionSuccess::kExtendedChannelsOnly) != 0)
        return close({ErrorKind::Refused, "the pool opens extended channels only", {}, "a standard channel"});
    fixed_version_ = (message.flags & SetupConnectionSuccess::kFixedVersion) != 0;
    if (fixed_version_ && options_.version_mask != 0)
        say(Severity::Info, "the pool allows no version rolling");
    phase_ = Phase::Opening;
    phase_since_ = now;
    if (measured_ > 0) open_channel(measured_, now);
}

void Session::handle(const SetupConnectionError& message, TimePoint) {
    if (phase_ != Phase::Setup) return;
    close({ErrorKind::Refused,
           fmt::format("the pool refuses the connection: {} (flags {:#x})", util::printable(message.code),
                       message.flags),
           {},
           {}});
}

void Session::open_channel(double rate, TimePoint now) {
    asked_ = true;
    phase_since_ = now;
    report_.told(rate, now);
    const auto said = static_cast<float>(rate);
    if (options_.extended) {
        send(OpenExtendedChannel{kRequest, options_.user, said, options_.max_target, kMinExtranonceSize});
    } else {
        send(OpenStandardChannel{kRequest, options_.user, said, options_.max_target});
    }
}

void Session::handle(const OpenExtendedChannelSuccess& message, TimePoint now) {
    if (asked_ && phase_ == Phase::Opening && options_.extended && message.request == kRequest)
        opened(Channel::open(message, options_.max_target), now);
}

void Session::handle(const OpenStandardChannelSuccess& message, TimePoint now) {
    if (asked_ && phase_ == Phase::Opening && !options_.extended && message.request == kRequest)
        opened(Channel::open(message, options_.max_target, fixed_version_), now);
}

void Session::handle(const OpenChannelError& message, TimePoint) {
    if (phase_ != Phase::Opening || message.request != kRequest) return;
    close({ErrorKind::Refused, "the pool refuses the channel: " + util::printable(message.code), {}, {}});
}

void Session::opened(Result<Channel> channel, TimePoint now) {
    if (!channel) return close(channel.error());
    channel_ = std::move(*channel);
    phase_ = Phase::Mining;
    phase_since_ = last_progress_ = now;
    say(Severity::Info,
        fmt::format("{} channel {}, difficulty {:.4g}", options_.extended ? "extended" : "standard",
                    channel_->id(), channel_->difficulty()));
    for (const Frame& frame : std::exchange(early_, {}))
        if (!over()) read(frame, now);
}

void Session::handle(const Reconnect& message, TimePoint now) {
    if (!is_host(message.host))
        return say_foreign(
            Severity::Warning,
            "ignored: the pool asks to reconnect to an invalid host: " + util::printable(message.host), now);
    const bool here = (message.host.empty() || message.host == options_.host) &&
                      (message.port == 0 || message.port == options_.port);
    const std::string where = fmt::format("{}:{}", message.host.empty() ? options_.host : message.host,
                                          message.port == 0 ? options_.port : message.port);
    if (!here && !options_.verified)
        return say_foreign(
            Severity::Warning,
            "ignored: the pool asks to reconnect to " + where + ", which without its key cannot be verified",
            now);
    say(Severity::Info, "the pool asks to reconnect to " + where);
    finish(action::Redirect{{message.host, message.port}, {}});
}

// ---- received frames

void Session::frame(const Frame& frame, TimePoint now) {
    if (over()) return;
    last_heard_ = now;
    unanswered_ = 0;
    read(frame, now);
}

void Session::read(const Frame& frame, TimePoint now) {
    const auto message = parse_pool_message(frame);
    if (!message) return close(message.error());
    if (!*message)
        return say_foreign(
            Severity::Debug,
            fmt::format("unknown message {:#04x} of extension {}", frame.type, frame.extension), now);
    std::visit(
        [&]<typename Message>(const Message& typed) {
            if constexpr (kOfAChannel<Message> || std::same_as<Message, SetGroupChannel>)
                if (!channel_) return keep_early(frame);
            if constexpr (kOfAChannel<Message>)
                if (!channel_->addressed_by(typed.channel)) return;
            handle(typed, now);
        },
        **message);
}

void Session::keep_early(const Frame& frame) {
    if (early_.size() >= kMaxEarly)
        return close({ErrorKind::Malformed, "too many messages before the channel is open", {}, {}});
    early_.push_back(frame);
}

void Session::handle(const UpdateChannelError& message, TimePoint now) {
    say_foreign(Severity::Warning, "the pool refuses the new hash rate: " + util::printable(message.code),
                now);
}

void Session::handle(const CloseChannel& message, TimePoint) {
    close(
        {ErrorKind::Unreachable, "the pool closes the channel: " + util::printable(message.reason), {}, {}});
}

void Session::hashrate(double rate, TimePoint now) {
    if (!(rate > 0) || !std::isfinite(rate)) return;
    measured_ = rate;
    if (phase_ == Phase::Opening && !asked_) open_channel(rate, now);
    if (phase_ != Phase::Mining) return;
    if (const auto told = report_.update(rate, now))
        send(UpdateChannel{channel_->id(), static_cast<float>(*told), options_.max_target});
}

// ---- time-outs

void Session::tick(TimePoint now) {
    if (over() || phase_ == Phase::New) return;
    check_timeouts(now);
    if (phase_ == Phase::Opening && !asked_ && now - phase_since_ > options_.timeouts.hashrate)
        open_channel(kSlowRate, now);
    if (over() || phase_ != Phase::Mining) return;
    if (due_ && publish_pace_.take(now)) publish(now, false);
    renew_exhausted(now);
    send_shares(now);
}

TimePoint Session::deadline(TimePoint now) const {
    TimePoint next = now + std::chrono::milliseconds(250);
    if (phase_ != Phase::Mining) return next;
    if (due_) next = std::min(next, publish_pace_.next());
    if (const auto share = outdated() ? std::nullopt : shares_.next()) next = std::min(next, *share);
    return next;
}

void Session::check_timeouts(TimePoint now) {
    const Timeouts& timeouts = options_.timeouts;
    const auto waited = now - phase_since_;
    const auto lost = [&](const std::string& what) { close({ErrorKind::Unreachable, what, {}, {}}); };
    if (phase_ == Phase::Setup && waited > timeouts.answer)
        return lost("no answer to SetupConnection within " + in_seconds(timeouts.answer));
    if (phase_ == Phase::Opening && asked_ && waited > timeouts.answer)
        return lost("no channel opened within " + in_seconds(timeouts.answer));
    if (phase_ != Phase::Mining) return;
    if (!working_since_ && waited > timeouts.first_job)
        return lost("no job within " + in_seconds(timeouts.first_job));
    if (unanswered_ >= kUnansweredShares && now - last_heard_ > timeouts.unanswered)
        return lost(
            fmt::format("silent for {}, and after {} shares", in_seconds(timeouts.unanswered), unanswered_));
    if (now - last_progress_ > timeouts.job) lost("no new job for " + in_seconds(timeouts.job));
}

// Messages caused by the pool are rate-limited, so that it cannot flood the terminal.
void Session::say_foreign(Severity severity, std::string text, TimePoint now) {
    if (foreign_pace_.take(now)) say(severity, std::move(text));
}

}  // namespace lode::source::sv2
