// One connection of the cgminer API: reads a request, writes the answer, closes.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "cgminer_api/commands.h"
#include "net/timer.h"

namespace lode::cgminer_api {

// Kept alive by its own handlers. Ends within kDeadline, whatever the client does.
class Connection final : public std::enable_shared_from_this<Connection> {
 public:
    using Answer = std::function<Reply(std::string_view request)>;
    using Sent = std::function<void(const Reply&)>;

    static constexpr std::chrono::seconds kDeadline{5};
    // A request has no terminator: it ends when nothing more arrives for this long.
    static constexpr std::chrono::milliseconds kQuiet{100};

    // The slot is released with the connection.
    Connection(boost::asio::ip::tcp::socket socket, Answer answer, Sent sent, std::shared_ptr<void> slot);
    void start();

 private:
    void read();
    void reply();
    void await_close();
    void close();

    boost::asio::ip::tcp::socket socket_;
    Answer answer_;
    Sent sent_;
    std::shared_ptr<void> slot_;
    net::Timer deadline_, quiet_;
    std::array<char, 4096> buffer_{};
    std::string request_;
    Reply reply_;
    bool answered_ = false;
};

}  // namespace lode::cgminer_api
