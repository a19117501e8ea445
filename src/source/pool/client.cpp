#include "source/pool/client.h"

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <variant>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include "net/stream.h"
#include "util/clock.h"

namespace lode::source::pool {

namespace asio = boost::asio;
using event::Severity;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::int64_t kMaxClock = 2 * 3600;  // seconds; Bitcoin Core's MAX_FUTURE_BLOCK_TIME

}  // namespace

Client::Client(ClientOptions options, net::Dialer dialer, std::unique_ptr<Links> links,
               const asio::any_io_executor& executor)
    : options_(std::move(options)),
      dialer_(std::move(dialer)),
      executor_(executor),
      links_(std::move(links)),
      retries_(options_.retries, options_.retry_pause),
      deadline_(executor),
      reconnect_(executor) {}

Client::~Client() {
    stop();
}

void Client::start(JobSink& sink) {
    sink_ = &sink;
    asio::post(executor_, scope_.guard([this] {
        if (!options_.warning.empty()) say(Severity::Warning, options_.warning);
        if (!stopped_) connect();
    }));
}

void Client::submit(const Solution& solution, SubmitCallback callback) {
    if (link_) {
        link_->submit(solution, std::move(callback), Clock::now());
    } else {
        const auto status = stopped_ ? Outcome::Status::Unknown : Outcome::Status::Stale;
        act(action::Answer{std::move(callback), {status, "the session was lost"}});
    }
    wake();
}

void Client::hashrate(double rate) {
    hashrate_ = rate;
    if (!link_) return;
    link_->hashrate(rate, Clock::now());
    wake();
}

void Client::stop() {
    if (std::exchange(stopped_, true)) return;
    scope_.close();
    reconnect_.cancel();
    const auto decided = static_cast<std::ptrdiff_t>(actions_.size());
    end_link();
    for (auto it = actions_.begin() + decided; it != actions_.end(); ++it)
        if (auto* answer = std::get_if<action::Answer>(&*it))
            answer->outcome = {Outcome::Status::Unknown, "stopped before the answer"};
    // A callback may submit again.
    while (!actions_.empty()) {
        Action action = std::move(actions_.front());
        actions_.pop_front();
        if (auto* answer = std::get_if<action::Answer>(&action)) perform(*answer);
    }
}

// ---- the connection

void Client::connect() {
    const Place to = place();
    attempt_ =
        dialer_.dial(executor_, to.host, to.port, [this, to](Result<std::unique_ptr<net::Stream>> stream) {
            attempt_.reset();
            if (!stream) return failed(stream.error());
            connected(std::move(*stream), to);
        });
}

void Client::connected(std::unique_ptr<net::Stream> stream, const Place& place) {
    auto link = links_->make(std::move(stream), place, *this);
    if (!link) return failed(link.error());
    link_ = std::move(*link);
    if (hashrate_ > 0) link_->hashrate(hashrate_, Clock::now());
    link_->start(Clock::now());
    sink_->report(event::SourceConnected{name(), dialer_.tls() ? "with TLS" : ""});
    run();
}

// ---- actions of the session

void Client::act(Action action) {
    actions_.push_back(std::move(action));
}

void Client::wake() {
    if (stopped_ || std::exchange(woken_, true)) return;
    asio::post(executor_, scope_.guard([this] {
        woken_ = false;
        run();
    }));
}

// Performing an action may add more: they are performed in order, never nested, and never from inside the
// link, which some of them destroy.
void Client::run() {
    if (stopped_ || std::exchange(running_, true)) return;
    do {
        if (link_) link_->step(Clock::now());
        perform_actions();
    } while (!stopped_ && !actions_.empty());
    running_ = false;
    if (link_ && !stopped_) deadline_.at(link_->deadline(Clock::now()), [this] { run(); });
}

void Client::perform_actions() {
    for (auto left = actions_.size(); left > 0 && !stopped_ && !actions_.empty(); --left) {
        Action action = std::move(actions_.front());
        actions_.pop_front();
        std::visit([this](auto& typed) { perform(typed); }, action);
    }
}

void Client::perform(action::Publish& publish) {
    if (!link_) return;
    published_ = true;
    check_clock(*publish.job);
    sink_->publish(std::move(publish.job));
}

// Mining goes on: which of the two clocks is wrong is not known here.
void Client::check_clock(const Job& job) {
    const std::int64_t ahead = std::int64_t{job.time} - util::unix_time();
    if (std::abs(ahead) <= kMaxClock || std::exchange(clock_warned_, true)) return;
    say(Severity::Warning,
        fmt::format("the time of the pool's job is {} h {} this machine's clock; if the pool's clock is "
                    "wrong, nodes refuse its blocks",
                    std::abs(ahead) / 3600, ahead > 0 ? "ahead of" : "behind"));
}

void Client::perform(action::Withdraw&) {
    withdraw();
}

void Client::perform(action::Say& message) {
    say(message.severity, message.text);
}

void Client::perform(action::Answer& answer) {
    answer.callback(answer.outcome);
}

void Client::perform(action::Close& close) {
    if (link_) failed(std::move(close.error));
}

// A redirect is not a failure of the pool, unless there are too many.
void Client::perform(action::Redirect& redirect) {
    if (!link_) return;
    const Place from = place();
    if (link_->went_well(Clock::now())) retries_.went_well();
    end_link();
    if (stopped_) return;
    if (!retries_.redirected())
        return schedule_reconnect({ErrorKind::Unreachable,
                                   "too many redirects, the last to " + authority_at(options_.url, from),
                                   {},
                                   {}});
    redirect_ = Place{redirect.to.host.empty() ? from.host : redirect.to.host,
                      redirect.to.port == 0 ? from.port : redirect.to.port};
    reconnect_.after(redirect.wait, [this] { connect(); });
}

// ---- the end of a link

void Client::failed(Error error) {
    const auto next = links_->failed(link_.get(), place(), error, *this);
    if (link_ && link_->went_well(Clock::now())) retries_.went_well();
    end_link();
    if (stopped_) return;
    if (next == Links::Next::AtOnce) return connect();
    schedule_reconnect(error);
}

void Client::schedule_reconnect(const Error& error) {
    redirect_.reset();
    const auto pause = retries_.failed();
    sink_->report(event::SourceLost{name(), error, pause});
    if (stopped_) return;
    if (!pause) {
        Error last = error;
        last.kind = ErrorKind::Unreachable;
        return sink_->give_up(last.at(options_.url.authority()));
    }
    reconnect_.after(*pause, [this] { connect(); });
}

// Shares in flight are answered by run(), or by stop().
void Client::end_link() {
    attempt_.reset();
    deadline_.cancel();
    if (!link_) return;
    link_->end();
    link_.reset();
    withdraw();
}

void Client::withdraw() {
    if (std::exchange(published_, false) && !stopped_) sink_->withdraw();
}

void Client::say(Severity severity, const std::string& text) {
    if (!stopped_) sink_->report(event::Message{severity, options_.url.authority() + ": " + text});
}

}  // namespace lode::source::pool
