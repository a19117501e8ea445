// The peers of one chain: those the user named, connected to again and again, and those who come by. Lives on
// the io thread.
#pragma once

#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "chain/network.h"
#include "chain/p2p/chain.h"
#include "chain/p2p/session.h"
#include "lode/events.h"
#include "lode/result.h"
#include "util/url.h"

namespace lode::p2p {

class Connection;

struct NodeSettings {
    Magic magic{};
    std::vector<util::Url> peers;     // with ports
    std::optional<util::Url> listen;  // an empty host: every address of this machine
    std::string user_agent = "/lode/";
    Timing timing;
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds first_pause{1'000}, longest_pause{60'000};  // between attempts to connect
};

// From --peer and --listen; the port may be left out for a peer. The Error names what is wrong.
Result<NodeSettings> node_settings(const chain::Network& network, const std::vector<std::string>& peers,
                                   const std::string& listen);

class Node {
 public:
    using Log = std::function<void(event::Severity, std::string)>;  // the text is printable

    // The chain and what log refers to outlive the node.
    Node(const boost::asio::any_io_executor& executor, Chain& chain, NodeSettings settings, Log log);
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;
    ~Node();

    Result<void> start();  // the Error: the address to listen on is not to be had
    void stop();

    // The best chain ends with these now, oldest first.
    void announce(std::span<const BlockHeader> headers);
    void ask();  // everybody, for headers that we lack

    // The named peers by how it stands with them.
    struct Standing {
        std::size_t level = 0;        // connected, and it has nothing that we lack
        std::size_t syncing = 0;      // connected, not so far yet
        std::size_t connecting = 0;   // not given up on
        std::size_t unreachable = 0;  // several attempts failed, or it was dropped for its behaviour
        std::string trouble;          // the latest reason
    };
    [[nodiscard]] Standing standing() const;
    [[nodiscard]] std::size_t connected() const;  // in both directions, hands shaken
    [[nodiscard]] std::uint16_t port() const;     // listened on; 0: none

 private:
    struct Named;
    struct Attempt;

    Result<void> listen(const util::Url& at);
    void tick();
    void connect(Named& peer);
    void failed(Named& peer, const std::string& reason, std::chrono::milliseconds ban);
    void accept();
    void welcome(boost::asio::ip::tcp::socket socket);
    void reap();
    [[nodiscard]] std::vector<std::shared_ptr<Connection>> connections() const;
    [[nodiscard]] SessionSettings session_settings(bool inbound) const;
    std::chrono::milliseconds pause(unsigned failures);
    // The handler, doing nothing once the node has stopped or is gone.
    template <typename Handler>
    auto guarded(Handler handler) {
        return [ alive = std::weak_ptr<int>(alive_), handler = std::move(handler) ]<typename... Args>(
            Args && ... args) mutable requires std::invocable<Handler&, Args...> {
            if (alive.lock()) handler(std::forward<Args>(args)...);
        };
    }

    static constexpr std::ptrdiff_t kMaxFromOne = 16;  // inbound connections from one address
    static constexpr std::size_t kMaxInbound = 64;
    static constexpr std::size_t kMaxBans = 4096;
    static constexpr unsigned kAttempts = 3;  // failures in a row that make a peer unreachable

    boost::asio::any_io_executor executor_;
    Chain& chain_;
    NodeSettings settings_;
    Log log_;
    std::uint64_t nonce_;
    std::minstd_rand random_;  // for pauses only
    boost::asio::steady_timer timer_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::vector<std::unique_ptr<Named>> named_;
    std::vector<std::shared_ptr<Connection>> inbound_;
    std::map<std::string, std::chrono::milliseconds> bans_;  // address, until when on the steady clock
    bool accepting_ = false;
    std::shared_ptr<int> alive_ = std::make_shared<int>();
};

}  // namespace lode::p2p
