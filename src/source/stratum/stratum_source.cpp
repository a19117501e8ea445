#include "source/stratum/stratum_source.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "source/backoff.h"
#include "source/net/dialer.h"
#include "source/net/stream.h"
#include "source/stratum/line_connection.h"
#include "util/hex.h"
#include "util/log.h"

namespace lode::source::stratum {

namespace asio = boost::asio;
using event::Severity;
using Clock = std::chrono::steady_clock;

namespace {

// A session that lived this long with work, or had a share accepted, was a good one: the next failure is a
// first.
constexpr std::chrono::seconds kGoodSession{10};
constexpr std::size_t kShownLine = 2000;  // bytes of a dumped line

// Everything on the executor's one thread. Held by shared_ptr for the handlers still under way.
class Client : public std::enable_shared_from_this<Client> {
 public:
    Client(util::Url url, SourceOptions options, net::Dialer dialer, const asio::any_io_executor& executor,
           const Patience& patience)
        : url_(std::move(url)),
          options_(std::move(options)),
          dialer_(std::move(dialer)),
          patience_(patience),
          executor_(executor),
          tick_(executor),
          retry_(executor),
          backoff_(options_.retry_pause) {}

    void start(JobSink& sink) {
        sink_ = &sink;
        if (dialer_.tls() && options_.tls_insecure)
            say(Severity::Warning,
                "--tls-insecure: the certificate is not verified, so whoever is between here and the pool "
                "can read "
                "and change everything, also who is paid");
        connect();
    }

    void submit(const Solution& solution, SubmitCallback callback) {
        if (session_) {
            session_->submit(solution, std::move(callback), Clock::now());
        } else {
            const auto status = stopped_ ? Outcome::Status::Unknown : Outcome::Status::Stale;
            orphans_.push_back({std::move(callback), {status, "its session is lost"}});
        }
        asio::post(executor_, [self = shared_from_this()] { self->run(); });  // never calls back from within
    }

    void stop() {
        if (std::exchange(stopped_, true)) return;
        retry_.cancel();
        end_session();
        run();
    }

    [[nodiscard]] std::string name() const { return url_.safe(); }

 private:
    struct Place {
        std::string host;
        std::uint16_t port = 0;
    };

    void say(Severity severity, const std::string& text) {
        sink_->report(event::Message{severity, url_.authority() + ": " + text});
    }
    void dump(const char* direction, std::string_view line) {
        if (!options_.protocol_dump) return;
        std::string text = util::printable(line, kShownLine);
        // A pool may repeat the password; very short ones stand for nothing, and occur everywhere.
        if (const std::string& secret = options_.password; secret.size() >= 4)
            for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3))
                text.replace(at, secret.size(), "***");
        util::info("{} {} {}", url_.authority(), direction, text);
    }

    void connect() {
        const Place place = redirect_.value_or(Place{url_.host, url_.port});
        attempt_ = dialer_.dial(executor_, place.host, place.port,
                                [this, weak = weak_from_this()](Result<std::unique_ptr<net::Stream>> stream) {
                                    const auto self = weak.lock();
                                    if (!self || stopped_) return;
                                    attempt_.reset();
                                    if (!stream) return lost(stream.error(), false);
                                    connected(std::move(*stream));
                                });
    }

    void connected(std::unique_ptr<net::Stream> stream) {
        session_ = std::make_unique<Session>(session_options(), recent_);
        LineConnection::Handlers handlers;
        handlers.line = [weak = weak_from_this()](std::string_view line) {
            if (const auto self = weak.lock()) self->received(line);
        };
        handlers.pause = [weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->run();
        };
        handlers.closed = [weak = weak_from_this()](const Error& error) {
            const auto self = weak.lock();
            if (!self || self->stopped_) return;
            self->lost(error, true);
            self->run();
        };
        connection_ = std::make_shared<LineConnection>(std::move(stream), std::move(handlers));
        say(Severity::Info, dialer_.tls() ? "connected, with TLS" : "connected");
        session_->connected(Clock::now());
        run();
        if (connection_) connection_->start();
    }

    void received(std::string_view line) {
        dump("<-", line);
        if (session_) session_->line(line, Clock::now());
    }

    SessionOptions session_options() const {
        SessionOptions out;
        out.host = url_.host;
        out.user = options_.user;
        out.password = options_.password;
        out.network = options_.network;
        out.version_mask = options_.version_rolling ? options_.version_mask : 0;
        out.suggest_difficulty = options_.suggest_difficulty;
        out.configure = configure_;
        out.resume = resume_;
        out.first_roll = options_.first_roll;
        out.first_nonce = options_.first_nonce;
        out.patience = patience_;
        return out;
    }

    // Does what the session wants done. What that leads to may want more: never nested, until nothing is
    // left.
    void run() {
        if (std::exchange(running_, true)) return;
        if (session_) session_->tick(Clock::now());
        for (bool more = true; more;) {
            more = false;
            for (auto& orphan : std::exchange(orphans_, {})) {
                orphan.callback(orphan.outcome);
                more = true;
            }
            if (!session_) continue;
            for (auto& action : session_->take_actions()) {
                std::visit([this](auto& typed) { perform(typed); }, action);
                more = true;
            }
        }
        running_ = false;
        arm();
    }

    void arm() {
        if (!session_ || stopped_) return;
        tick_.expires_at(session_->deadline(Clock::now()));
        tick_.async_wait([weak = weak_from_this()](boost::system::error_code code) {
            if (const auto self = weak.lock(); self && !code) self->run();
        });
    }

    void perform(action::Send& send) {
        dump("->", send.shown);
        if (connection_) connection_->send(send.line);
    }
    void perform(action::Publish& publish) {
        if (stopped_) return;
        published_ = true;
        sink_->publish(std::move(publish.job));
    }
    void perform(action::Say& message) {
        if (!stopped_) say(message.severity, message.text);
    }
    void perform(action::Answer& answer) { answer.callback(answer.outcome); }
    void perform(action::Close& close) {
        if (!stopped_) lost(close.error, false);
    }
    void perform(action::Redirect& redirect) {
        if (stopped_) return;
        const bool good = session_good();
        const Place old = redirect_.value_or(Place{url_.host, url_.port});
        end_session();
        redirect_ = Place{redirect.host.empty() ? old.host : redirect.host,
                          redirect.port == 0 ? old.port : redirect.port};
        again(good, {ErrorKind::Unreachable, "the pool sends us on and on", {}, {}}, redirect.wait);
    }

    [[nodiscard]] bool session_good() const {
        return session_ && session_->working_since() &&
               (session_->accepted() > 0 || Clock::now() - *session_->working_since() >= kGoodSession);
    }

    void lost(const Error& error, bool hung_up) {
        const bool good = session_good();
        const bool doubt = session_ && session_->configure_in_doubt();
        resume_ = session_ && session_->working_since() ? session_->session_id() : std::string();
        configure_ = !doubt;
        redirect_.reset();
        end_session();
        if (doubt && hung_up) {
            say(Severity::Info, "the pool hung up on mining.configure; once more without");
            return connect();
        }
        again(good, error, {});
    }

    // Answers what is in flight, later, by run().
    void end_session() {
        attempt_.reset();
        tick_.cancel();
        if (connection_) std::exchange(connection_, nullptr)->close();
        if (!session_) return;
        session_->disconnected();
        for (auto& action : session_->take_actions())
            if (auto* answer = std::get_if<action::Answer>(&action)) orphans_.push_back(std::move(*answer));
        session_.reset();
        if (std::exchange(published_, false) && !stopped_) sink_->withdraw();
    }

    void again(bool good, const Error& error, std::chrono::milliseconds at_least) {
        if (good) {
            failures_ = 0;
            backoff_.reset();
        } else {
            ++failures_;
        }
        if (options_.retries >= 0 && failures_ > options_.retries) {
            Error last = error;
            last.kind = ErrorKind::Unreachable;
            return sink_->give_up(last.at(url_.authority()));
        }
        const auto pause = std::max(backoff_.next(), at_least);
        say(Severity::Warning, fmt::format("{}; next attempt in {:.1f} s", error.text(),
                                           std::chrono::duration<double>(pause).count()));
        retry_.expires_after(pause);
        retry_.async_wait([weak = weak_from_this()](boost::system::error_code code) {
            if (const auto self = weak.lock(); self && !code && !self->stopped_) self->connect();
        });
    }

    const util::Url url_;
    const SourceOptions options_;
    const net::Dialer dialer_;
    const Patience patience_;
    asio::any_io_executor executor_;
    asio::steady_timer tick_, retry_;
    Backoff backoff_;
    JobSink* sink_ = nullptr;

    std::unique_ptr<net::Attempt> attempt_;
    std::shared_ptr<LineConnection> connection_;
    std::unique_ptr<Session> session_;
    RecentJobs recent_;
    std::vector<action::Answer> orphans_;  // answers whose session is gone
    std::optional<Place> redirect_;
    std::string resume_;
    int failures_ = 0;  // in a row
    bool configure_ = true, published_ = false, running_ = false, stopped_ = false;
};

class StratumSource final : public WorkSource {
 public:
    explicit StratumSource(std::shared_ptr<Client> client) : client_(std::move(client)) {}
    ~StratumSource() override { client_->stop(); }

    std::string name() const override { return client_->name(); }
    void start(JobSink& sink) override { client_->start(sink); }
    void submit(const Solution& solution, SubmitCallback callback) override {
        client_->submit(solution, std::move(callback));
    }
    void stop() override { client_->stop(); }

 private:
    std::shared_ptr<Client> client_;
};

}  // namespace

Result<std::unique_ptr<WorkSource>> make_stratum_source(const util::Url& url, const SourceOptions& options,
                                                        const asio::any_io_executor& executor,
                                                        const Patience& patience) {
    SourceOptions mine = options;
    if (url.has_credentials) {
        mine.user = url.user;
        if (!url.password.empty()) mine.password = url.password;
    }
    if (url.port == 0) return fail(ErrorKind::Usage, "no port", url.safe(), "host:port");
    if (mine.user.empty()) return fail(ErrorKind::Usage, "no user for the pool", url.safe(), "-u USER");
    auto dialer = net::Dialer::make(mine, url.scheme == "stratum+ssl");
    if (!dialer) return tl::unexpected(dialer.error());
    return std::make_unique<StratumSource>(
        std::make_shared<Client>(url, std::move(mine), std::move(*dialer), executor, patience));
}

Result<std::unique_ptr<WorkSource>> make_stratum_source(const util::Url& url, const SourceOptions& options,
                                                        const asio::any_io_executor& executor) {
    return make_stratum_source(url, options, executor, Patience{});
}

}  // namespace lode::source::stratum
