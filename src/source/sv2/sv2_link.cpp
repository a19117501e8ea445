#include "source/sv2/sv2_link.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "source/sv2/frame_connection.h"
#include "source/sv2/v1_probe.h"
#include "util/hex.h"
#include "util/log.h"

namespace lode::source::sv2 {

namespace {

constexpr std::size_t kMaxDumped = 1000;  // bytes of a frame

// Logs a pool's frames, if requested.
struct Dump {
    std::string name;
    bool wanted = false;

    void operator()(const char* direction, const Frame& frame) const {
        if (!wanted) return;
        const auto shown = std::span(frame.payload).first(std::min(frame.payload.size(), kMaxDumped));
        util::info("{} {} {:02x} ext {:x} len {} {}{}", name, direction, frame.type,
                   frame.extension | (frame.channel ? 0x8000 : 0), frame.payload.size(), util::to_hex(shown),
                   shown.size() < frame.payload.size() ? "..." : "");
    }
};

class Sv2Link final : public pool::Link {
 public:
    Sv2Link(const LinkOptions& options, SessionOptions session, const KeyPair& key, pool::RecentJobs& recent,
            std::shared_ptr<net::Stream> stream, const boost::asio::any_io_executor& executor,
            pool::LinkHost& host)
        : handshake_timeout_(options.handshake_timeout),
          verified_(options.authority.has_value()),
          dump_{options.name, options.dump},
          host_(host),
          session_(std::move(session), recent),
          connection_(std::move(stream), executor, Transport(key, options.authority, kMaxMiningPayload),
                      handlers()) {}

    void start(TimePoint) override { connection_.start(handshake_timeout_); }
    void submit(const Solution& solution, SubmitCallback callback, TimePoint now) override {
        session_.submit(solution, std::move(callback), now);
        hand_over();
    }
    void hashrate(double rate, TimePoint now) override { session_.hashrate(rate, now); }
    void step(TimePoint now) override {
        session_.tick(now);
        hand_over();
    }
    [[nodiscard]] TimePoint deadline(TimePoint now) const override { return session_.deadline(now); }
    void end() override {
        connection_.close();
        session_.disconnected();
        for (auto& action : session_.take_actions())
            if (auto* answer = std::get_if<action::Answer>(&action)) host_.act(std::move(*answer));
    }
    [[nodiscard]] bool went_well(TimePoint now) const override {
        return pool::session_went_well(session_.working_since(), session_.accepted(), now);
    }

    [[nodiscard]] bool answered() const { return connection_.transport().answered(); }

 private:
    FrameConnection::Handlers handlers() {
        return {
            .established =
                [this] {
                    host_.act(pool::action::Say{event::Severity::Info, std::string("encrypted; ") + who()});
                    session_.connected(std::chrono::steady_clock::now());
                },
            .frame =
                [this](const Frame& frame) {
                    dump_("<-", frame);
                    session_.frame(frame, std::chrono::steady_clock::now());
                },
            .pause =
                [this] {
                    hand_over();
                    host_.wake();
                },
            .closed =
                [this](Error error) {
                    hand_over();
                    host_.act(pool::action::Close{std::move(error)});
                    host_.wake();
                }};
    }
    [[nodiscard]] const char* who() const {
        return verified_ ? "the pool's certificate is signed by the key of the URL"
                         : "the pool is not verified";
    }

    void hand_over() {
        for (auto& action : session_.take_actions())
            std::visit([this](auto& typed) { perform(typed); }, action);
    }
    void perform(action::Send& send) {
        dump_("->", send.frame);
        connection_.send(send.frame);
    }
    template <typename ForHost>
    void perform(ForHost& action) {
        host_.act(std::move(action));
    }

    std::chrono::milliseconds handshake_timeout_;
    bool verified_;
    Dump dump_;
    pool::LinkHost& host_;
    Session session_;
    FrameConnection connection_;
};

class Sv2Links final : public pool::Links {
 public:
    Sv2Links(LinkOptions options, const boost::asio::any_io_executor& executor)
        : options_(std::move(options)), executor_(executor) {}

    Result<std::unique_ptr<pool::Link>> make(std::shared_ptr<net::Stream> stream, const pool::Place& place,
                                             pool::LinkHost& host) override {
        if (probe_ == Probe::Next) {
            probe_ = Probe::Done;
            return make_v1_probe(std::move(stream), host);
        }
        auto key = make_connection_key();
        if (!key) return tl::unexpected(key.error());
        SessionOptions session = options_.session;
        session.host = place.host;
        session.port = place.port;
        return std::make_unique<Sv2Link>(options_, std::move(session), std::move(*key), recent_,
                                         std::move(stream), executor_, host);
    }
    // If the server did not answer at all, the next connection probes for Stratum V1, once.
    Next failed(pool::Link* link, const pool::Place&, Error&, pool::LinkHost&) override {
        const auto* mine = dynamic_cast<Sv2Link*>(link);
        if (mine == nullptr) return Next::Pause;
        if (mine->answered()) {
            probe_ = Probe::None;
        } else if (probe_ == Probe::None) {
            probe_ = Probe::Next;
            return Next::AtOnce;
        }
        return Next::Pause;
    }

 private:
    enum class Probe { None, Next, Done };

    LinkOptions options_;
    boost::asio::any_io_executor executor_;
    pool::RecentJobs recent_;
    Probe probe_ = Probe::None;
};

}  // namespace

std::unique_ptr<pool::Links> make_links(LinkOptions options, const boost::asio::any_io_executor& executor) {
    return std::make_unique<Sv2Links>(std::move(options), executor);
}

}  // namespace lode::source::sv2
