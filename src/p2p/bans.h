// Addresses that may not connect for a while, after a peer there broke the rules.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>

#include <boost/asio/ip/address.hpp>

namespace lode::p2p {

// Times are of the steady clock.
class Bans {
 public:
    using Address = boost::asio::ip::address;
    using Time = std::chrono::milliseconds;

    // Loopback is never banned, since all programs of this machine share it. At most kMax bans are kept.
    void add(const Address& address, Time until) {
        if (!address.is_loopback() && (banned_.size() < kMax || banned_.contains(address)))
            banned_[address] = until;
    }
    [[nodiscard]] bool contains(const Address& address, Time now) const {
        const auto found = banned_.find(address);
        return found != banned_.end() && now < found->second;
    }
    void remove_expired(Time now) {
        std::erase_if(banned_, [now](const auto& ban) { return ban.second <= now; });
    }

    static constexpr std::size_t kMax = 4096;

 private:
    std::map<Address, Time> banned_;
};

}  // namespace lode::p2p
