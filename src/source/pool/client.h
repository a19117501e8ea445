// A pool as a work source: connects, reconnects, and performs the actions of the current session. The same
// for every version of Stratum.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "base/scope.h"
#include "lode/source.h"
#include "net/dialer.h"
#include "net/timer.h"
#include "source/pool/link.h"
#include "source/pool/retry_policy.h"
#include "util/url.h"

namespace lode::source::pool {

struct ClientOptions {
    util::Url url;
    int retries = -1;                             // consecutive failed attempts after the first; -1: no limit
    std::chrono::milliseconds retry_pause{1000};  // the first; doubles up to 50 s, with jitter
    std::string warning;                          // logged at the start; empty: none
};

// Used on the executor's thread only. See lode/source.h for the rules of callbacks.
class Client final : public WorkSource, private LinkHost {
 public:
    Client(ClientOptions options, net::Dialer dialer, std::unique_ptr<Links> links,
           const boost::asio::any_io_executor& executor);
    ~Client() override;

    [[nodiscard]] std::string name() const override { return options_.url.safe(); }
    void start(JobSink& sink) override;
    void submit(const Solution& solution, SubmitCallback callback) override;
    void hashrate(double rate) override;
    void stop() override;

 private:
    void act(Action action) override;
    void wake() override;

    void connect();
    void connected(std::unique_ptr<net::Stream> stream, const Place& place);
    void run();
    void perform_actions();
    void perform(action::Publish& publish);
    void perform(action::Withdraw& withdraw);
    void perform(action::Say& message);
    void perform(action::Answer& answer);
    void perform(action::Close& close);
    void perform(action::Redirect& redirect);

    void check_clock(const Job& job);
    void failed(Error error);
    void schedule_reconnect(const Error& error);
    void end_link();
    void withdraw();
    void say(event::Severity severity, const std::string& text);
    [[nodiscard]] Place place() const {
        return redirect_.value_or(Place{options_.url.host, options_.url.port});
    }

    const ClientOptions options_;
    const net::Dialer dialer_;
    boost::asio::any_io_executor executor_;
    std::unique_ptr<Links> links_;
    RetryPolicy retries_;
    JobSink* sink_ = nullptr;
    std::unique_ptr<net::Attempt> attempt_;
    std::unique_ptr<Link> link_;
    std::deque<Action> actions_;     // to be performed by run(), in order
    std::optional<Place> redirect_;  // target of a redirect
    double hashrate_ = 0;
    bool published_ = false, running_ = false, woken_ = false, stopped_ = false;
    bool clock_warned_ = false;
    net::Timer deadline_, reconnect_;
    base::Scope scope_;
};

}  // namespace lode::source::pool
