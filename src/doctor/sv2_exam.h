// The examination of a pool of Stratum V2, after the handshake: frames and the time go in, frames come out.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "doctor/exam.h"
#include "doctor/latencies.h"
#include "doctor/sv2_channel_exam.h"
#include "source/sv2/messages.h"

namespace lode::doctor {

// One request after the other: the connection, a channel of each kind, listening, a new hash rate, and where
// begin_probe() is called, what is wrong on purpose.
class Sv2Exam final : public Exam {
 public:
    // host and port: where it is connected to, which the pool is told.
    Sv2Exam(PoolExamOptions options, std::string host, std::uint16_t port, Report& report);

    // The connection is encrypted.
    void start(TimePoint now);
    void frame(const sv2::Frame& frame, TimePoint now);
    void tick(TimePoint now) override;
    void begin_probe(TimePoint now) override;
    void closed(const Error& error) override;
    [[nodiscard]] JobPtr job() const override;

    [[nodiscard]] std::vector<sv2::Frame> take_sent() { return std::exchange(sent_, {}); }

 private:
    enum class Stage { Opening, Listening, Updating, Probing };
    struct Step {
        std::function<std::optional<sv2::Frame>()> frame;  // what is sent; nothing: the step is left out
        std::chrono::milliseconds timeout;
        std::function<bool(const sv2::PoolMessage&)> answered;  // whether the message is the answer
        std::function<void()> missing;                          // there was none in time
        std::function<void(const Error&)> closed;               // instead of one; null: a rule is broken
    };

    void ask(Step step) { steps_.push_back(std::move(step)); }
    void next(TimePoint now);
    void listened(TimePoint now);
    void conclude(TimePoint now);
    void end();

    void check_frame(const sv2::Frame& frame);
    void check_code(const std::string& code);
    void take(const sv2::PoolMessage& message, TimePoint now);
    template <typename Message>
    void to_channels(const Message& message, TimePoint now);
    void reconnect(const sv2::Reconnect& message);

    // sv2_exam_requests.cpp
    void ask_setup();
    void set_up(const sv2::SetupConnectionSuccess& message);
    void ask_channels();
    template <typename Success>
    void opened(const Success& message, std::uint32_t request);
    void refused(const sv2::OpenChannelError& message, std::uint32_t request);
    void not_opened(std::uint32_t request, const std::string& why);
    void check_groups();
    void ask_update();

    // sv2_probe.cpp
    using Share = sv2::SubmitSharesExtended;
    using MakeShare = std::function<std::optional<Share>()>;
    void probe_extensions();
    void probe_channel(const Sv2ChannelExam& channel);
    void probe_bad_share(const Rule& rule, const Sv2ChannelExam& channel, MakeShare make);
    void probe_good_share(const Sv2ChannelExam& channel);
    void probe_unknown_message();
    std::optional<sv2::Frame> share_frame(const Sv2ChannelExam& channel, const MakeShare& make);

    PoolExamOptions options_;
    std::string host_;
    std::uint16_t port_;
    Report& report_;
    Stage stage_ = Stage::Opening;
    std::vector<sv2::Frame> sent_;
    std::deque<Step> steps_;  // the first is under way while waiting_
    bool waiting_ = false;
    TimePoint asked_{}, listening_since_{};
    std::uint32_t setup_flags_ = 0;
    std::uint32_t sequence_ = 0;  // of the share under way
    std::optional<Share> good_;   // the last good one
    std::string refusals_;        // of channels
    std::list<Sv2ChannelExam> channels_;
    std::set<std::uint32_t> groups_;
    Latencies latencies_;
};

}  // namespace lode::doctor
