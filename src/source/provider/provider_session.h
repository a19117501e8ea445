// One session with a template provider as a state machine without I/O: frames and the time go in, actions
// come out.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "source/pool/pace.h"
#include "source/provider/found_blocks.h"
#include "source/provider/messages.h"
#include "source/provider/provider_job.h"

namespace lode::source::provider {

struct Timeouts {
    std::chrono::milliseconds answer{20'000};     // to SetupConnection
    std::chrono::milliseconds first_job{60'000};  // a node that is catching up has no templates
    std::chrono::milliseconds publish{20};        // between two jobs, after a few, whatever comes
};

struct SessionOptions {
    std::string host;  // as the user gave it
    std::uint16_t port = 0;
    std::vector<std::uint8_t> script;  // scriptPubKey that gets the reward
    std::string tag, network;
    std::uint32_t version_mask = 0;  // 0: no version rolling
    Timeouts timeouts;
};

// With the transactions of a whole block.
inline constexpr std::size_t kMaxProviderPayload = 4'400'000;

class Session {
 public:
    // blocks and actions outlive the session.
    Session(SessionOptions options, FoundBlocks& blocks, std::vector<Action>& actions);

    // The encrypted connection is established.
    void connected(TimePoint now);
    void frame(const sv2::Frame& frame, TimePoint now);
    // To be called after frames were given, and at deadline() at the latest: time-outs and due jobs.
    void tick(TimePoint now);
    [[nodiscard]] TimePoint deadline(TimePoint now) const;
    // A block of ours has ended the job; the next one makes earlier work stale.
    void found() { ended_ = true; }

    [[nodiscard]] bool over() const { return phase_ == Phase::Over; }
    // A job was published at this time; nothing before the first.
    [[nodiscard]] std::optional<TimePoint> working_since() const { return working_since_; }

 private:
    enum class Phase { New, Setup, Mining, Over };
    struct Template {
        NewTemplate message;
        std::shared_ptr<Transactions> transactions;
        bool asked = false;  // for them
    };

    void handle(const sv2::SetupConnectionSuccess& message, TimePoint now);
    void handle(const sv2::SetupConnectionError& message, TimePoint now);
    void handle(NewTemplate& message, TimePoint now);
    void handle(const SetNewPrevHash& message, TimePoint now);
    void handle(RequestTransactionDataSuccess& message, TimePoint now);
    void handle(const RequestTransactionDataError& message, TimePoint now);
    void ask_for_transactions(Template& work);
    // No work on a tip that a block of ours waits to replace.
    [[nodiscard]] bool held() const { return ended_ && !new_tip_ && blocks_.waiting(); }
    void publish(TimePoint now);
    [[nodiscard]] std::uint32_t time_at(TimePoint now) const;

    template <typename Message>
    void send(const Message& message);
    void say(event::Severity severity, std::string text, TimePoint now);
    void close(Error error);

    const SessionOptions options_;
    FoundBlocks& blocks_;
    std::vector<Action>& actions_;
    Phase phase_ = Phase::New;
    TimePoint phase_since_{};

    std::deque<Template> future_;  // oldest first
    std::optional<SetNewPrevHash> tip_;
    TimePoint tip_since_{};
    std::optional<Template> current_;
    std::deque<std::pair<std::uint64_t, std::weak_ptr<Transactions>>> awaited_;  // by template, oldest first
    bool due_ = false;      // the current template waits to be published
    bool new_tip_ = false;  // since the last publication
    bool ended_ = false;    // by a block of ours
    std::uint64_t serial_;  // extranonce1: random start, one more a job
    std::optional<TimePoint> working_since_;
    pool::Pace publish_pace_;
    pool::Pace said_{20, std::chrono::seconds(5)};  // log lines caused by the provider
};

}  // namespace lode::source::provider
