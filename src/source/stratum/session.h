// One Stratum session as a state machine without I/O: events and the time go in, actions come out.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "lode/events.h"
#include "lode/source.h"
#include "source/stratum/job_factory.h"
#include "source/stratum/messages.h"
#include "source/stratum/replies.h"
#include "source/stratum/share_queue.h"

namespace lode::source::stratum {

// How long a pool may take before something is done about it.
struct Patience {
    std::chrono::milliseconds configure{3'000};   // then the session goes on without extensions
    std::chrono::milliseconds handshake{20'000};  // for each answer
    std::chrono::milliseconds first_job{30'000};
    std::chrono::milliseconds answer{60'000};    // to a share
    std::chrono::milliseconds silence{180'000};  // nothing at all
    std::chrono::milliseconds job{900'000};      // no job and no share accepted
    std::chrono::milliseconds publish{20};       // between two jobs, after a few, whatever the pool sends
};

struct SessionOptions {
    std::string host;  // lower case, as the user named it: bounds where the pool may send us
    std::string user, password;
    std::string network;
    std::uint32_t version_mask = 0;  // 0: no version rolling
    std::optional<double> suggest_difficulty;
    bool configure = true;  // false: for pools that hang up on mining.configure
    std::string resume;     // session id of before
    std::uint64_t first_roll = 0;
    std::uint32_t first_nonce = 0;
    Patience patience;
};

namespace action {
struct Send {
    std::string line;   // without '\n'
    std::string shown;  // the same without the password
};
struct Publish {
    JobPtr job;
};
struct Say {
    event::Severity severity = event::Severity::Info;
    std::string text;
};
struct Answer {
    SubmitCallback callback;
    Outcome outcome;
};
// The session is over, nothing comes after these two.
struct Close {
    Error error;
};
struct Redirect {
    std::string host;        // empty: the same
    std::uint16_t port = 0;  // 0: the same
    std::chrono::seconds wait{0};
};
}  // namespace action

using Action =
    std::variant<action::Send, action::Publish, action::Say, action::Answer, action::Close, action::Redirect>;

class Session {
 public:
    // recent outlives the session, and serves one after the other.
    Session(SessionOptions options, RecentJobs& recent);

    void connected(TimePoint now);
    void line(std::string_view text, TimePoint now);
    // To be called after lines were given, and at deadline() at the latest: time-outs and due jobs.
    void tick(TimePoint now);
    [[nodiscard]] TimePoint deadline(TimePoint now) const;
    // The callback comes as an Answer, exactly once.
    void submit(const Solution& solution, SubmitCallback callback, TimePoint now);
    // The connection is gone; answers what is in flight with Unknown.
    void disconnected();

    [[nodiscard]] std::vector<Action> take_actions();

    [[nodiscard]] bool over() const { return phase_ == Phase::Over; }
    // It hung up, or fell silent, while configure had no answer: next time better without.
    [[nodiscard]] bool configure_in_doubt() const;
    // A job was published at this time; nothing before the first.
    [[nodiscard]] std::optional<TimePoint> working_since() const { return working_since_; }
    [[nodiscard]] std::uint64_t accepted() const { return accepted_; }
    [[nodiscard]] const std::string& session_id() const { return session_id_; }

 private:
    enum class Phase { New, Configuring, Subscribing, Authorizing, Mining, Over };
    enum class Asked { Configure, Subscribe, Authorize, ExtranonceSubscribe, SuggestDifficulty, Share };
    struct Pending {
        Asked what;
        TimePoint since;
        std::optional<Solution> solution;  // of a share
        SubmitCallback callback;           // likewise
    };
    // The present job, kept to be issued again under other terms.
    struct Current {
        Notify notify;
        Terms terms;
    };

    void handle(const Notify& notify, TimePoint now);
    void handle(const SetDifficulty& message, TimePoint now);
    void handle(const SetExtranonce& message, TimePoint now);
    void handle(const SetVersionMask& message, TimePoint now);
    void handle(const Reconnect& message, TimePoint now);
    void handle(const ShowMessage& message, TimePoint now);
    void handle(const Request& message, TimePoint now);
    void handle(const Response& message, TimePoint now);
    void handle(const Remark& message, TimePoint now);

    void not_understood(const Error& error, TimePoint now);
    void configured(const Response& response, TimePoint now);
    void subscribed(const Response& response, TimePoint now);
    void authorized(const Response& response, TimePoint now);
    [[nodiscard]] const char* unwanted(const Solution& solution) const;  // why not to send it; null: send it
    [[nodiscard]] bool outdated() const;  // a clean job is here, though not yet published
    [[nodiscard]] bool of_present_job(const Solution& solution) const;
    void send_shares(TimePoint now);
    void drop_waiting(const char* why);
    void share_answered(Pending pending, const Response& response, TimePoint now);

    void subscribe(TimePoint now);
    void begin_mining(TimePoint now);
    void set_mask(std::uint32_t offered);
    void reissue();
    [[nodiscard]] bool no_news(const Job& job) const;
    void publish(TimePoint now);
    void check_patience(TimePoint now);
    void check_answers(TimePoint now);

    std::int64_t ask(Asked what, TimePoint now);
    void send(std::string line);
    void say(event::Severity severity, std::string text) {
        actions_.emplace_back(action::Say{severity, std::move(text)});
    }
    void say_foreign(event::Severity severity, std::string text, TimePoint now);
    void answer(SubmitCallback callback, Outcome outcome);
    void close(Error error);
    template <typename Last>
    void finish(Last last) {
        if (over()) return;
        phase_ = Phase::Over;
        actions_.emplace_back(std::move(last));
    }

    const SessionOptions options_;
    RecentJobs& recent_;
    // Job::context. A clean job has a new one: the shares of all jobs with another are stale.
    std::shared_ptr<const int> era_ = std::make_shared<const int>(0);
    Phase phase_ = Phase::New;
    std::vector<Action> actions_;
    std::map<std::int64_t, Pending> pending_;  // by request id
    std::int64_t last_id_ = 0;
    ShareQueue shares_;

    // What was agreed.
    bool configure_asked_ = false, configure_answered_ = false;
    bool extranonce_subscribed_ = false;  // by configure
    std::uint32_t mask_ = 0;
    std::optional<Extranonce> extranonce_;  // for the next job
    std::string session_id_;
    double difficulty_ = 1;  // for the next job; 1 is the protocol's default
    bool difficulty_given_ = false;
    bool difficulty_at_once_ = false;  // learnt: the pool judges older jobs by its newest difficulty

    std::optional<Current> current_;
    bool due_ = false;        // current_ waits to be published
    bool due_clean_ = false;  // something since the last publication was clean
    JobPtr published_;
    TimePoint next_publish_{}, phase_since_{}, last_line_{}, last_progress_{};
    TimePoint last_share_answer_{};
    std::optional<TimePoint> working_since_;
    std::uint64_t accepted_ = 0;
    unsigned bad_lines_ = 0;      // since the last job
    double foreign_budget_ = 20;  // lines about what the pool said that may still be shown, see say_foreign()
    TimePoint foreign_since_{};
};

}  // namespace lode::source::stratum
