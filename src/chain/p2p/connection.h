// A socket with a session on it. Lives on the io thread; ends by close(), after which its owner lets it go.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include <boost/asio/ip/tcp.hpp>

#include "chain/p2p/session.h"
#include "chain/p2p/wire.h"

namespace lode::p2p {

Now now();                                                            // of the system's clocks
std::string text_of(const boost::asio::ip::tcp::endpoint& endpoint);  // "1.2.3.4:8333", "[::1]:8333"

class Connection : public std::enable_shared_from_this<Connection> {
 public:
    using Socket = boost::asio::ip::tcp::socket;

    // name: for logs, printable. key: what a ban applies to.
    Connection(Socket socket, std::string name, std::string key, const Magic& magic, Chain& chain,
               const SessionSettings& settings);

    void start();
    void tick();
    void flush();  // sends what the session has to say
    void close();

    [[nodiscard]] bool closed() const { return !socket_.is_open(); }
    // Why it ended; where the socket itself failed, without a ban.
    [[nodiscard]] const std::optional<Session::Drop>& end() const { return end_; }
    [[nodiscard]] Session& session() { return session_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::string& key() const { return key_; }
    [[nodiscard]] const std::string& local() const { return local_; }  // our end, as the peer would name it

 private:
    void read();
    void received(std::size_t size);
    void write();
    void fail(const std::string& reason);

    // A peer that asks but does not read what it is answered is not listened to meanwhile.
    static constexpr std::size_t kMaxQueued = 1 << 20;

    Socket socket_;
    std::string name_, key_, local_;
    Magic magic_;
    FrameReader frames_;
    Session session_;
    std::array<std::uint8_t, 1 << 16> buffer_{};
    std::deque<Bytes> queue_;
    std::size_t queued_ = 0;  // bytes
    bool writing_ = false, reading_ = false;
    std::optional<Session::Drop> end_;
};

}  // namespace lode::p2p
