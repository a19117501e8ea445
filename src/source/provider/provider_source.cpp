#include "source/provider/provider_source.h"

#include <utility>

#include <boost/asio/post.hpp>

#include "base/scope.h"
#include "net/dialer.h"
#include "net/disk_thread.h"
#include "net/stream.h"
#include "net/timer.h"
#include "source/payout.h"
#include "source/pool/retry_policy.h"
#include "source/posted_answers.h"
#include "source/sv2/certificate.h"
#include "source/sv2/frame_connection.h"
#include "work/address.h"

namespace lode::source::provider {
namespace {

using namespace std::chrono_literals;
using event::Severity;
using Clock = std::chrono::steady_clock;

constexpr auto kHandshakeTimeout = 10s;
constexpr auto kKeepMining = 60s;  // on the last template while the provider does not answer
constexpr auto kLong = 10s;        // with work: the next failure is a first one
constexpr const char* kUnverified =
    "without the provider's key it is not authenticated: a man in the middle can change what is mined";

class ProviderSource final : public WorkSource {
 public:
    ProviderSource(const util::Url& url, const SourceOptions& options, SessionOptions session,
                   std::optional<sv2::Bytes32> authority, net::Dialer dialer,
                   const boost::asio::any_io_executor& executor)
        : url_(url),
          options_(std::move(session)),
          authority_(authority),
          dialer_(std::move(dialer)),
          executor_(executor),
          retries_(options.retries, options.retry_pause),
          disk_(executor),
          blocks_({options_.network, url.safe()}, options.data_dir, disk_, actions_),
          deadline_(executor),
          reconnect_(executor),
          withdraw_(executor),
          answers_(executor) {}
    ~ProviderSource() override { stop(); }

    std::string name() const override { return url_.safe(); }

    void start(JobSink& sink) override {
        sink_ = &sink;
        if (!authority_) say(Severity::Warning, kUnverified);
        blocks_.begin();
        reconnect_.after(0s, [this] { connect(); });
        wake();
    }
    void submit(const Solution& solution, SubmitCallback callback) override {
        if (solution.job->context_as<Work>() == nullptr)
            return answers_.post(std::move(callback), {Outcome::Status::Rejected, "a job of another source"});
        blocks_.add(solution, std::move(callback), Clock::now());
        if (session_) session_->found();
        wake();
    }
    void stop() override {
        if (std::exchange(stopped_, true)) return;
        scope_.close();
        end_session();
        reconnect_.cancel();
        withdraw_.cancel();
        answers_.stop();
        blocks_.stop();
        for (auto& action : std::exchange(actions_, {}))
            if (auto* answer = std::get_if<action::Answer>(&action)) perform(*answer);
    }

 private:
    void say(Severity severity, std::string text) {
        actions_.emplace_back(action::Say{severity, std::move(text)});
    }

    // --- the connection

    void connect() {
        attempt_ = dialer_.dial(executor_, url_.host, url_.port, [this](auto stream) {
            attempt_.reset();
            if (!stream) return failed(stream.error());
            connected(std::move(*stream));
        });
    }
    void connected(std::unique_ptr<net::Stream> stream) {
        auto key = sv2::make_connection_key();
        if (!key) return failed(key.error());
        session_.emplace(options_, blocks_, actions_);
        connection_ = std::make_unique<sv2::FrameConnection>(
            std::move(stream), executor_, sv2::Transport(*key, authority_, kMaxProviderPayload),
            sv2::FrameConnection::Handlers{
                .established = [this] { session_->connected(Clock::now()); },
                .frame = [this](const sv2::Frame& frame) { session_->frame(frame, Clock::now()); },
                .pause = [this] { wake(); },
                .closed =
                    [this](Error error) {
                        actions_.emplace_back(action::Close{std::move(error)});
                        wake();
                    }});
        connection_->start(kHandshakeTimeout);
        sink_->report(event::SourceConnected{name(), {}});
        run();
    }
    void failed(const Error& error) {
        if (session_ && session_->working_since() && Clock::now() - *session_->working_since() > kLong)
            retries_.went_well();
        end_session();
        const auto pause = error.kind == ErrorKind::Usage ? std::nullopt : retries_.failed();
        sink_->report(event::SourceLost{name(), error, pause});
        if (stopped_) return;
        if (published_ && !withdraw_.pending()) withdraw_.after(kKeepMining, [this] { withdraw(); });
        if (pause) return reconnect_.after(*pause, [this] { connect(); });
        Error last = error;
        if (last.kind != ErrorKind::Usage) last.kind = ErrorKind::Unreachable;
        sink_->give_up(last.at(url_.authority()));
    }
    void end_session() {
        attempt_.reset();
        deadline_.cancel();
        connection_.reset();
        session_.reset();
    }

    // --- actions of the session and the blocks: in order, never from within a handler of the connection

    void wake() {
        if (stopped_ || std::exchange(woken_, true)) return;
        boost::asio::post(executor_, scope_.guard([this] {
            woken_ = false;
            run();
        }));
    }
    void run() {
        if (stopped_) return;
        blocks_.tick(Clock::now());
        if (session_) session_->tick(Clock::now());
        for (auto& action : std::exchange(actions_, {}))
            if (!stopped_ || std::holds_alternative<action::Answer>(action))
                std::visit([this](auto& typed) { perform(typed); }, action);
        if (stopped_) return;
        if (!actions_.empty()) wake();
        const auto now = Clock::now();
        deadline_.at(session_ ? session_->deadline(now) : now + 250ms, [this] { run(); });
    }
    void perform(action::Send& send) {
        if (connection_) connection_->send(send.frame);
    }
    void perform(action::Publish& publish) {
        if (!session_) return;
        published_ = true;
        withdraw_.cancel();
        sink_->publish(std::move(publish.job));
    }
    void perform(action::Withdraw&) { withdraw(); }
    void perform(action::Say& message) {
        sink_->report(event::Message{message.severity, url_.authority() + ": " + message.text});
    }
    void perform(action::Answer& answer) { answer.callback(answer.outcome); }
    void perform(action::Close& close) {
        if (session_) failed(close.error);
    }
    void perform(action::Redirect&) {}  // no part of template distribution
    void withdraw() {
        if (std::exchange(published_, false)) sink_->withdraw();
    }

    const util::Url url_;
    const SessionOptions options_;
    const std::optional<sv2::Bytes32> authority_;
    const net::Dialer dialer_;
    boost::asio::any_io_executor executor_;
    pool::RetryPolicy retries_;
    JobSink* sink_ = nullptr;
    std::vector<Action> actions_;
    net::DiskThread disk_;
    FoundBlocks blocks_;
    std::unique_ptr<net::Attempt> attempt_;
    std::optional<Session> session_;
    std::unique_ptr<sv2::FrameConnection> connection_;
    bool published_ = false, woken_ = false, stopped_ = false;
    net::Timer deadline_, reconnect_, withdraw_;
    PostedAnswers answers_;
    base::Scope scope_;
};

}  // namespace

Result<std::unique_ptr<WorkSource>> make_provider_source(const util::Url& url, const SourceOptions& options,
                                                         const boost::asio::any_io_executor& executor,
                                                         const Timeouts& timeouts) {
    if (url.port == 0) return fail(ErrorKind::Usage, "no port", url.safe(), "host:port");
    const auto authority = sv2::authority_of(url, options.sv2_insecure);
    if (!authority) return tl::unexpected(authority.error());
    SessionOptions session;
    session.host = url.host;
    session.port = url.port;
    session.tag = options.coinbase_tag;
    session.network = options.network.empty() ? "main" : options.network;
    session.version_mask = options.version_rolling ? options.version_mask : 0;
    session.timeouts = timeouts;
    auto address = payout_address(options);
    if (!address) return tl::unexpected(address.error());
    if (const auto fits = work::check_network(*address, session.network); !fits)
        return tl::unexpected(fits.error());
    session.script = std::move(address->script);
    auto dialer = net::Dialer::make(options.dial, false);
    if (!dialer) return tl::unexpected(dialer.error());
    return std::make_unique<ProviderSource>(url, options, std::move(session), *authority, std::move(*dialer),
                                            executor);
}

Result<std::unique_ptr<WorkSource>> make_provider_source(const util::Url& url, const SourceOptions& options,
                                                         const boost::asio::any_io_executor& executor) {
    return make_provider_source(url, options, executor, Timeouts{});
}

}  // namespace lode::source::provider
