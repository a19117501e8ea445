#include "doctor/sv2_exam.h"

#include <algorithm>
#include <concepts>
#include <utility>

#include <fmt/format.h>

#include "doctor/sv2_rules.h"
#include "util/hex.h"

namespace lode::doctor {
namespace {

using namespace sv2_rules;
using sv2::PoolMessage;

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

}  // namespace lode::doctor
