// The cgminer API on a TCP port: one request per connection, on a thread of its own, so that no client can
// slow mining.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cgminer_api/view.h"
#include "lode/events.h"
#include "lode/result.h"
#include "lode/snapshot.h"

namespace lode::cgminer_api {

struct Options {
    std::string listen;         // [ADDR:]PORT; 127.0.0.1 without an address
    std::string allow, groups;  // Access::parse()
};

// The miner, as the server sees it. The functions are called on the server's thread, until it is destroyed.
struct Miner {
    std::vector<Pool> pools;  // as configured, at least one
    std::function<Snapshot()> snapshot;
    std::function<void()> quit, restart;
    std::function<void(std::size_t)> switch_to;  // the index of one of the pools
};

class Server {
 public:
    // Usage: options that cannot be understood, or an address that is taken.
    static Result<std::unique_ptr<Server>> open(const Options& options, Miner miner);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server();  // closes every connection and waits for its thread

    // Lives as long as the server; receives every event on the io thread.
    [[nodiscard]] Observer& observer();
    [[nodiscard]] std::uint16_t port() const;
    // After a change of the configuration. Any thread.
    void set_pools(std::vector<Pool> pools);

 private:
    class Impl;
    explicit Server(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace lode::cgminer_api
