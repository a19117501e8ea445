#include "cgminer_api/server.h"

#include <chrono>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "cgminer_api/access.h"
#include "cgminer_api/commands.h"
#include "cgminer_api/connection.h"
#include "cgminer_api/ledger.h"
#include "cgminer_api/rate_history.h"
#include "net/listener.h"
#include "net/timer.h"
#include "util/url.h"

namespace lode::cgminer_api {
namespace {

using boost::asio::ip::tcp;

constexpr long kMaxConnections = 64;  // at a time; more are closed unanswered

}  // namespace

class Server::Impl {
 public:
    Impl(Access access, Miner miner)
        : access_(std::move(access)), miner_(std::move(miner)), ledger_(miner_.pools) {}
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() {
        io_.stop();
        if (thread_.joinable()) thread_.join();
    }

    Result<void> listen(const util::Url& at) {
        if (auto listening = listener_.listen(at); !listening) return listening;
        port_ = listener_.port();
        sample();
        thread_ = std::thread([this] { io_.run(); });
        return {};
    }

    Ledger& ledger() { return ledger_; }
    [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
    void sample() {
        history_.sample(miner_.snapshot(), RateHistory::Clock::now());
        sampler_.after(RateHistory::kEvery, [this] { sample(); });
    }

    void accept(tcp::socket socket) {
        boost::system::error_code error;
        const auto peer = socket.remote_endpoint(error);
        if (error || slots_.use_count() > kMaxConnections) return;
        const auto rights = access_.of(peer.address());
        if (!rights) return;
        std::make_shared<Connection>(
            std::move(socket),
            [this, rights = *rights](std::string_view request) {
                return answer(parse_request(request), view(), rights);
            },
            [this](const Reply& reply) { act(reply); }, slots_)
            ->start();
    }

    View view() const {
        View view{miner_.snapshot(), ledger_.accounts(), {}, {}};
        history_.fill(view);
        return view;
    }

    void act(const Reply& reply) const {
        if (reply.action == Action::Quit) miner_.quit();
        if (reply.action == Action::Restart) miner_.restart();
        if (reply.switch_to) miner_.switch_to(*reply.switch_to);
    }

    boost::asio::io_context io_{1};
    const Access access_;
    const Miner miner_;
    Ledger ledger_;
    RateHistory history_;
    const std::shared_ptr<int> slots_ = std::make_shared<int>(0);  // each connection shares it
    std::uint16_t port_ = 0;
    net::Timer sampler_{io_.get_executor()};
    net::Listener listener_{io_.get_executor(), [this](tcp::socket socket) { accept(std::move(socket)); }};
    std::thread thread_;
};

Result<std::unique_ptr<Server>> Server::open(const Options& options, Miner miner) {
    auto at = util::parse_host_port(options.listen);
    if (!at) return tl::unexpected(at.error().at("API address"));
    if (at->host.empty()) at->host = "127.0.0.1";
    auto access = Access::parse(options.allow, options.groups);
    if (!access) return tl::unexpected(access.error());
    auto impl = std::make_unique<Impl>(std::move(*access), std::move(miner));
    if (auto listening = impl->listen(*at); !listening) return tl::unexpected(listening.error());
    return std::unique_ptr<Server>(new Server(std::move(impl)));
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

Observer& Server::observer() {
    return impl_->ledger();
}
std::uint16_t Server::port() const {
    return impl_->port();
}
void Server::set_pools(std::vector<Pool> pools) {
    impl_->ledger().set_pools(std::move(pools));
}

}  // namespace lode::cgminer_api
