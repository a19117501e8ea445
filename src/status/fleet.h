// The status of other machines, polled while somebody is watching.
//
// The server asks, not the browser: the page may load what is ours only (Content-Security-Policy), other
// lodes allow no other origin (no CORS), and their tokens stay here.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "net/timer.h"
#include "status/fleet_report.h"
#include "status/fleet_request.h"

namespace lode::status {

struct FleetMachine {
    FleetMember member;
    std::optional<FleetReport> report{};               // the last; absent: none yet
    std::optional<Error> error{};                      // of the last attempt; absent: it was answered
    std::chrono::steady_clock::time_point answered{};  // when the report came
};

// Not thread-safe. At most kAtOnce connections at a time.
class Fleet {
 public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::seconds kEvery{10}, kWatchedFor{60};
    static constexpr std::size_t kAtOnce = 16;

    // Usage: https without a usable set of CAs.
    static Result<std::unique_ptr<Fleet>> make(boost::asio::any_io_executor executor,
                                               std::vector<FleetMember> members);
    Fleet(const Fleet&) = delete;
    Fleet& operator=(const Fleet&) = delete;

    // In the order of the list. For kWatchedFor from now on each machine is asked every kEvery.
    const std::vector<FleetMachine>& watch();
    [[nodiscard]] std::size_t size() const { return machines_.size(); }

 private:
    Fleet(boost::asio::any_io_executor executor, std::vector<FleetMember> members, net::Dialer plain,
          net::Dialer secure);
    void round();
    void ask_more();
    void answered(std::size_t index, const Result<std::string>& body);

    boost::asio::any_io_executor executor_;
    net::Dialer plain_, secure_;
    std::vector<FleetMachine> machines_;
    Clock::time_point watched_until_{};
    std::size_t next_ = 0;                                         // of this round
    std::map<std::size_t, std::unique_ptr<FleetRequest>> asking_;  // by index
    net::Timer timer_;
};

}  // namespace lode::status
