// A client that sends what it is told, byte for byte, and waits.
#pragma once

#include <chrono>
#include <poll.h>
#include <string>
#include <string_view>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace lode::testing {

class Client {
 public:
    explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client() { ::close(socket_); }

    [[nodiscard]] bool connected() const { return connected_; }
    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    // All that was received once it contains `text`, the other side has closed, or 5 s are over.
    std::string read_until(std::string_view text) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        while (received_.find(text) == std::string::npos && std::chrono::steady_clock::now() < deadline) {
            pollfd ready{socket_, POLLIN, 0};
            if (::poll(&ready, 1, 100) <= 0) continue;
            char buffer[4096];
            const auto got = ::recv(socket_, buffer, sizeof buffer, 0);
            if (got <= 0) {
                closed_ = true;
                break;
            }
            received_.append(buffer, static_cast<std::size_t>(got));
        }
        return received_;
    }
    std::string read_to_end() { return read_until("no such text in any answer"); }
    [[nodiscard]] bool closed() const { return closed_; }

 private:
    int socket_;
    bool connected_ = false, closed_ = false;
    std::string received_;
};

}  // namespace lode::testing
