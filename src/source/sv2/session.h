// A session with a pool as a state machine without I/O: takes frames and the time, returns actions.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lode/events.h"
#include "lode/source.h"
#include "source/pool/pace.h"
#include "source/pool/recent_jobs.h"
#include "source/pool/share_queue.h"
#include "source/sv2/actions.h"
#include "source/sv2/channel.h"
#include "source/sv2/hashrate_report.h"
#include "source/sv2/messages.h"
#include "source/sv2/open_shares.h"

namespace lode::source::sv2 {

// Time-outs for a pool. Silence is not an error: until a block is found a pool may have nothing to send.
struct Timeouts {
    std::chrono::milliseconds hashrate{5'000};  // to wait for a measurement; kSlowRate is reported after that
    std::chrono::milliseconds answer{20'000};   // to SetupConnection, to opening a channel
    std::chrono::milliseconds first_job{30'000};
    std::chrono::milliseconds unanswered{180'000};  // silence, after kUnansweredShares shares
    std::chrono::milliseconds job{7'200'000};       // no job and no share acknowledged
    std::chrono::milliseconds publish{20};  // minimum between two jobs, after a few, whatever the pool sends
};
inline constexpr double kSlowRate = 1e6;               // hashes per second, of a slow CPU
inline constexpr std::size_t kUnansweredShares = 100;  // pools acknowledge batches of 10

struct SessionOptions {
    std::string host;  // as the user gave it
    std::uint16_t port = 0;
    std::string user, network;
    bool verified = true;            // by its certificate; otherwise redirects are ignored
    bool extended = true;            // the kind of channel
    std::uint32_t version_mask = 0;  // 0: no version rolling
    Uint256 max_target = Uint256::max();
    std::uint64_t first_roll = 0;
    std::uint32_t first_nonce = 0;
    Timeouts timeouts;
};

class Session {
 public:
    // recent must outlive the session, and is shared by consecutive sessions.
    Session(SessionOptions options, pool::RecentJobs& recent);

    // The encrypted connection is established.
    void connected(TimePoint now);
    void frame(const Frame& frame, TimePoint now);
    // To be called after frames were passed, and at deadline() at the latest: handles time-outs and due jobs.
    void tick(TimePoint now);
    [[nodiscard]] TimePoint deadline(TimePoint now) const;
    // The callback comes as an Answer, exactly once.
    void submit(const Solution& solution, SubmitCallback callback, TimePoint now);
    // The measured hashes per second, reported when opening a channel, and then on changes of a fifth.
    void hashrate(double rate, TimePoint now);
    // The connection is closed; answers shares in flight with Unknown.
    void disconnected();

    [[nodiscard]] std::vector<Action> take_actions();

    [[nodiscard]] bool over() const { return phase_ == Phase::Over; }
    // When the first job was published; nullopt before.
    [[nodiscard]] std::optional<TimePoint> working_since() const { return working_since_; }
    [[nodiscard]] std::uint64_t accepted() const { return accepted_; }

 private:
    enum class Phase { New, Setup, Opening, Mining, Over };

    // opening a channel
    void open_channel(double rate, TimePoint now);
    void opened(Result<Channel> channel, TimePoint now);
    void handle(const SetupConnectionSuccess& message, TimePoint now);
    void handle(const SetupConnectionError& message, TimePoint now);
    void handle(const OpenStandardChannelSuccess& message, TimePoint now);
    void handle(const OpenExtendedChannelSuccess& message, TimePoint now);
    void handle(const OpenChannelError& message, TimePoint now);
    void handle(const Reconnect& message, TimePoint now);

    // messages of the channel
    template <typename Message>
    static constexpr bool kOfAChannel = requires(const Message& message) {
        message.channel;
    }
    &&!std::same_as<Message, OpenStandardChannelSuccess> &&
        !std::same_as<Message, OpenExtendedChannelSuccess>;
    void read(const Frame& frame, TimePoint now);
    void keep_early(const Frame& frame);
    void handle(const NewMiningJob& job, TimePoint now);
    void handle(const NewExtendedMiningJob& job, TimePoint now);
    void handle(const SetNewPrevHash& message, TimePoint now);
    void handle(const SetTarget& message, TimePoint now);
    void handle(const SetExtranoncePrefix& message, TimePoint now);
    void handle(const SetGroupChannel& message, TimePoint now);
    void handle(const UpdateChannelError& message, TimePoint now);
    void handle(const CloseChannel& message, TimePoint now);
    void handle(const SubmitSharesSuccess& message, TimePoint now);
    void handle(const SubmitSharesError& message, TimePoint now);

    // jobs
    template <typename NewJob>
    void take_job(const NewJob& job, TimePoint now);
    void reissue();
    void new_era();
    void publish(TimePoint now, bool late);
    void renew_exhausted(TimePoint now);

    // shares
    [[nodiscard]] const char* unwanted(
        const Solution& solution) const;  // the reason to drop it; null: send it
    [[nodiscard]] bool outdated() const {
        return due_ && due_clean_;
    }  // the job of a new block is not published yet
    [[nodiscard]] bool of_present_job(const Solution& solution) const;
    void send_shares(TimePoint now);
    void send_share(pool::Share share);
    void drop_waiting(const char* why);

    void check_timeouts(TimePoint now);
    template <typename Message>
    void send(const Message& message) {
        actions_.emplace_back(action::Send{to_frame(message)});
    }
    void say(event::Severity severity, std::string text) {
        actions_.emplace_back(action::Say{severity, std::move(text)});
    }
    void say_foreign(event::Severity severity, std::string text, TimePoint now);
    void answer(SubmitCallback callback, Outcome outcome) {
        actions_.emplace_back(action::Answer{std::move(callback), std::move(outcome)});
    }
    void close(Error error) { finish(action::Close{std::move(error)}); }
    template <typename Last>
    void finish(Last last) {
        if (over()) return;
        phase_ = Phase::Over;
        actions_.emplace_back(std::move(last));
    }

    const SessionOptions options_;
    pool::RecentJobs& recent_;
    Phase phase_ = Phase::New;
    std::vector<Action> actions_;

    bool fixed_version_ = false;
    std::optional<Channel> channel_;
    std::deque<Frame> early_;  // received before the channel was open
    bool asked_ = false;       // for a channel
    double measured_ = 0;
    HashrateReport report_;

    // Job::context. Replaced after a new block: shares of all earlier jobs are stale.
    std::shared_ptr<const JobContext> era_ = std::make_shared<const JobContext>();
    bool due_ = false;        // the channel's work waits to be published
    bool due_clean_ = false;  // a new block came since the last publication
    JobPtr published_;
    bool target_at_once_ = false;  // learned: the pool applies its newest target to older jobs too

    pool::ShareQueue shares_;
    OpenShares open_shares_;
    std::size_t unanswered_ = 0;  // shares sent since the pool's last message

    TimePoint phase_since_{}, last_heard_{}, last_progress_{};
    std::optional<TimePoint> working_since_;
    std::uint64_t accepted_ = 0;
    pool::Pace publish_pace_;
    pool::Pace foreign_pace_{20, std::chrono::seconds(5)};  // log lines caused by the pool
};

}  // namespace lode::source::sv2
