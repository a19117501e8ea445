#include "source/stratum/stratum_link.h"

#include <utility>
#include <variant>

#include "source/pool/recent_jobs.h"
#include "source/stratum/line_connection.h"
#include "source/stratum/session.h"
#include "source/stratum/wrong_protocol.h"
#include "util/hex.h"
#include "util/log.h"

namespace lode::source::stratum {

using Clock = std::chrono::steady_clock;

namespace {

// Logs a pool's lines, if requested.
class Dump {
 public:
    Dump(const LinkOptions& options)
        : name_(options.url.authority()), secret_(options.password), wanted_(options.dump) {}

    void operator()(const char* direction, std::string_view line) const {
        constexpr std::size_t kShown = 2000;  // bytes
        if (!wanted_) return;
        std::string text = util::printable(line, kShown);
        // A pool may echo the password; very short ones are placeholders, and occur everywhere.
        if (secret_.size() >= 4)
            for (auto at = text.find(secret_); at != std::string::npos; at = text.find(secret_, at + 3))
                text.replace(at, secret_.size(), "***");
        util::info("{} {} {}", name_, direction, text);
    }

 private:
    std::string name_, secret_;
    bool wanted_;
};

class StratumLink final : public pool::Link {
 public:
    // place: host:port.
    StratumLink(const LinkOptions& options, pool::RecentJobs& recent, std::shared_ptr<net::Stream> stream,
                std::string place, pool::LinkHost& host)
        : place_(std::move(place)),
          tls_(options.tls),
          dump_(options),
          host_(host),
          session_(options.session, recent),
          connection_(std::move(stream), handlers()) {}

    void start(TimePoint now) override {
        session_.connected(now);
        hand_over();
        connection_.start();
    }
    void submit(const Solution& solution, SubmitCallback callback, TimePoint now) override {
        session_.submit(solution, std::move(callback), now);
        hand_over();
    }
    void step(TimePoint now) override {
        session_.settle(now);
        hand_over();
    }
    [[nodiscard]] TimePoint deadline(TimePoint now) const override { return session_.deadline(now); }
    void end() override {
        connection_.close();
        session_.disconnected();
        for (Action& action : session_.take_actions())
            if (auto* answer = std::get_if<action::Answer>(&action)) host_.act(std::move(*answer));
    }
    [[nodiscard]] bool went_well(TimePoint now) const override {
        return pool::session_went_well(session_.working_since(), session_.accepted(), now);
    }

    [[nodiscard]] bool hung_up() const { return hung_up_; }
    [[nodiscard]] const Session& session() const { return session_; }

 private:
    LineConnection::Handlers handlers() {
        return {.first_bytes =
                    [this](std::string_view bytes) {
                        begun_ = true;
                        if (auto error = wrong_protocol(bytes, place_, tls_)) close(std::move(*error));
                    },
                .line =
                    [this](std::string_view line) {
                        dump_("<-", line);
                        session_.line(line, Clock::now());
                    },
                .pause =
                    [this] {
                        hand_over();
                        host_.wake();
                    },
                .closed =
                    [this](const Error& error) {
                        hung_up_ = true;
                        close(begun_ ? error : unanswered(error));
                    }};
    }

    // Servers that want TLS, or another protocol, often hang up on the first line without a word.
    [[nodiscard]] Error unanswered(const Error& error) const {
        return {error.kind,
                "the server hung up without an answer (" + error.text() + ")",
                {},
                "a pool of Stratum V1" +
                    (tls_ ? " behind TLS" : "; stratum+ssl://" + place_ + " where the port wants TLS")};
    }

    void close(Error error) {
        connection_.close();
        hand_over();
        host_.act(pool::action::Close{std::move(error)});
        host_.wake();
    }

    void hand_over() {
        for (Action& action : session_.take_actions())
            std::visit([this](auto& typed) { perform(typed); }, action);
    }
    void perform(action::Send& send) {
        dump_("->", send.shown);
        connection_.send(send.line);
    }
    template <typename ForHost>
    void perform(ForHost& action) {
        host_.act(std::move(action));
    }

    const std::string place_;
    const bool tls_;
    const Dump dump_;
    pool::LinkHost& host_;
    Session session_;
    LineConnection connection_;
    bool begun_ = false, hung_up_ = false;
};

class StratumLinks final : public pool::Links {
 public:
    explicit StratumLinks(LinkOptions options) : options_(std::move(options)) {}

    Result<std::unique_ptr<pool::Link>> make(std::shared_ptr<net::Stream> stream, const pool::Place& place,
                                             pool::LinkHost& host) override {
        return std::make_unique<StratumLink>(options_, recent_, std::move(stream),
                                             pool::authority_at(options_.url, place), host);
    }

    Next failed(pool::Link* link, const pool::Place& place, Error& error, pool::LinkHost& host) override {
        options_.session.configure = true;
        options_.session.resume.clear();
        if (link == nullptr) {
            if (options_.tls && error.kind == ErrorKind::Malformed)
                error.expected = "stratum+tcp://" + pool::authority_at(options_.url, place);
            return Next::Pause;
        }
        const auto& ended = static_cast<const StratumLink&>(*link);  // make() makes no others
        options_.session.configure = !ended.session().configure_in_doubt();
        if (ended.session().working_since()) options_.session.resume = ended.session().session_id();
        if (!ended.hung_up() || options_.session.configure) return Next::Pause;
        host.act(pool::action::Say{event::Severity::Info,
                                   "the pool disconnected on mining.configure; retrying without it"});
        return Next::AtOnce;
    }

 private:
    LinkOptions options_;
    pool::RecentJobs recent_;
};

}  // namespace

std::unique_ptr<pool::Links> make_links(LinkOptions options) {
    return std::make_unique<StratumLinks>(std::move(options));
}

}  // namespace lode::source::stratum
