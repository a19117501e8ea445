#include "status/server.h"

#include <exception>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "net/listener.h"
#include "net/timer.h"
#include "status/event_stream.h"
#include "status/feed.h"
#include "status/fleet.h"
#include "status/listen_address.h"
#include "status/pulse.h"
#include "util/log.h"

namespace lode::status {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using namespace std::chrono_literals;

namespace {

constexpr int kMaxConnections = 256;
constexpr auto kSecond = 1s;
constexpr auto kSnapshotFor = 100ms;      // maximum age of a snapshot, however many clients ask
constexpr auto kLoopAnswersWithin = 10s;  // the io thread never blocks
constexpr int kKeepAlive = 15;            // seconds

// Counted while it exists. Not thread-safe.
class Place {
 public:
    explicit Place(std::shared_ptr<int> count) : count_(std::move(count)) { ++*count_; }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { --*count_; }

 private:
    std::shared_ptr<int> count_;
};

// A client that asks because of such an event must see its effect; other answers may be as old as the
// snapshot.
bool changes_chain(const Event& event) {
    return std::holds_alternative<event::JobReceived>(event) ||
           std::holds_alternative<event::BlockResult>(event) ||
           std::holds_alternative<event::Retarget>(event) ||
           std::holds_alternative<event::Reorganisation>(event) ||
           std::holds_alternative<event::Judgement>(event);
}

}  // namespace

// Created and destroyed on the io thread; all else happens on its own thread.
class Server::Impl {
 public:
    Impl(const HttpOptions& options, bool loopback, Engine& engine, Post post, Actions actions)
        : engine_(engine),
          post_(std::move(post)),
          site_(Access(options, loopback), [this] { return state(); },
                {through_post(std::move(actions.pause)), through_post(std::move(actions.resume)),
                 through_post(std::move(actions.stop)), std::move(actions.reload),
                 std::move(actions.switch_source)}) {}
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() {
        if (!thread_.joinable()) return;
        engine_.remove_observer(feed_);
        io_.stop();
        thread_.join();
    }

    // The error names this server, as there are others.
    Result<void> listen(util::Url at) {
        if (const auto listening = listener_.listen(at); !listening)
            return fail(ErrorKind::Usage, listening.error().what, "HTTP server on " + at.authority(),
                        listening.error().expected);
        at.port = listener_.port();
        url_ = "http://" + at.authority() + "/";
        return {};
    }
    Result<void> read_fleet(const std::string& path) {
        auto members = status::read_fleet(path);
        if (!members) return tl::unexpected(members.error());
        auto fleet = Fleet::make(io_.get_executor(), std::move(*members));
        if (!fleet) return tl::unexpected(fleet.error());
        fleet_ = std::move(*fleet);
        return {};
    }
    void start() {
        engine_.add_observer(feed_);
        every_second();
        thread_ = std::thread([this] { run(); });
    }
    [[nodiscard]] const std::string& url() const { return url_; }

 private:
    // No failure here may stop mining.
    void run() {
        for (;;) try {
                io_.run();
                return;
            } catch (const std::exception& e) {
                util::error("HTTP server: {}", e.what());
            }
    }

    [[nodiscard]] std::function<void()> through_post(std::function<void()> action) const {
        return [post = post_, action = std::move(action)] { post(action); };
    }

    void serve(tcp::socket socket) {
        if (*connections_ >= kMaxConnections) return;
        error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        auto answer = [this, place = std::make_shared<Place>(connections_)](const Request& request) {
            auto response = site_.answer(request);
            if (response.events && events_.full()) return error_response(503, "too many event streams");
            return response;
        };
        std::make_shared<HttpSession>(std::move(socket), std::move(answer), [this](const auto& session) {
            events_.add(session);
        })->start();
    }

    void every_second() {
        pulse_.ask();
        static_cast<void>(state());  // for the history
        if (++seconds_ % kKeepAlive == 0) events_.keep_alive();
        ticker_.after(kSecond, [this] { every_second(); });
    }

    [[nodiscard]] State state() {
        const auto now = std::chrono::steady_clock::now();
        if (now - snapshot_at_ >= kSnapshotFor) {
            snapshot_ = engine_.snapshot();
            snapshot_at_ = now;
            record_.sample(snapshot_);
            ++revision_;
        }
        return {snapshot_,       record_,      pulse_.beats(kLoopAnswersWithin),
                feed_.dropped(), fleet_.get(), revision_};
    }

    asio::io_context io_{1};  // outlives what belongs to it
    net::Listener listener_{io_.get_executor(), [this](tcp::socket socket) { serve(std::move(socket)); }};
    net::Timer ticker_{io_.get_executor()};
    std::string url_;
    std::shared_ptr<int> connections_ = std::make_shared<int>(0);
    Engine& engine_;
    Post post_;
    Record record_;
    EventStream events_;
    Feed feed_{[this](std::function<void()> task) { asio::post(io_, std::move(task)); },
               [this](const Event& event, Feed::Clock::time_point when) {
                   record_.happened(event, when);
                   if (changes_chain(event)) ++revision_;
                   events_.send(event);
               }};
    Pulse pulse_{post_};
    Snapshot snapshot_;
    std::chrono::steady_clock::time_point snapshot_at_;
    std::uint64_t seconds_ = 0, revision_ = 1;
    std::unique_ptr<Fleet> fleet_;  // null: none
    Site site_;
    std::thread thread_;
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::open(const HttpOptions& options, Engine& engine, Post post,
                                             Actions actions) {
    const auto at = parse_listen_address(options.listen);
    if (!at) return tl::unexpected(at.error());
    const bool loopback = is_loopback(*at);
    if (const auto checked = check_options(options, loopback); !checked)
        return tl::unexpected(checked.error());
    auto impl = std::make_unique<Impl>(options, loopback, engine, std::move(post), std::move(actions));
    if (!options.fleet.empty())
        if (const auto read = impl->read_fleet(options.fleet); !read) return tl::unexpected(read.error());
    if (const auto listening = impl->listen(*at); !listening) return tl::unexpected(listening.error());
    impl->start();
    return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::string Server::url() const {
    return impl_->url();
}

}  // namespace lode::status
