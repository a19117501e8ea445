// What systemd is told of a service of Type=notify (sd_notify(3)): a datagram each.
#pragma once

#include <cstdint>
#include <string>

#include "lode/snapshot.h"

namespace lode::app {

// Silent where NOTIFY_SOCKET is not set. On the io thread.
class ServiceManager {
 public:
    ServiceManager();  // takes what concerns it from the environment
    ServiceManager(const ServiceManager&) = delete;
    ServiceManager& operator=(const ServiceManager&) = delete;
    ~ServiceManager();

    void ready();
    // Of Type=notify-reload: the configuration is being read again, until ready().
    void reloading();
    // Every few seconds: the status, and a sign of life as long as devices that have work finish scans.
    void tick(const Snapshot& snapshot);
    void stopping();

 private:
    void send(const std::string& text) const;

    std::string address_;    // of the socket; empty: none
    bool watchdog_ = false;  // signs of life are expected
    int socket_ = -1;
    std::uint64_t hashes_ = 0;  // at the last tick
};

}  // namespace lode::app
