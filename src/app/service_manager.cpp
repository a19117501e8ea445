#include "app/service_manager.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "app/units.h"

namespace lode::app {
namespace {

std::string environment(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

// Without work, paused, or while a device is being opened, no scan is due.
bool scans_are_due(const Snapshot& snapshot) {
    return !snapshot.paused && snapshot.job.has_value() &&
           std::ranges::any_of(snapshot.devices,
                               [](const DeviceSnapshot& d) { return d.state == DeviceState::Running; });
}

}  // namespace

ServiceManager::ServiceManager() : address_(environment("NOTIFY_SOCKET")) {
    if (address_.empty()) return;
    const std::string process = environment("WATCHDOG_PID");
    watchdog_ =
        !environment("WATCHDOG_USEC").empty() && (process.empty() || process == std::to_string(::getpid()));
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

ServiceManager::~ServiceManager() {
    if (socket_ >= 0) ::close(socket_);
}

void ServiceManager::ready() {
    send("READY=1");
}

void ServiceManager::reloading() {
    timespec now = {};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.tv_sec * 1'000'000 + now.tv_nsec / 1000));
}

void ServiceManager::stopping() {
    send("STOPPING=1");
}

void ServiceManager::tick(const Snapshot& snapshot) {
    if (socket_ < 0) return;
    const char* const state = snapshot.paused             ? "paused"
                              : !snapshot.job.has_value() ? "waiting for work"
                                                          : "mining";
    send(fmt::format("STATUS={} at {}, best {}", state, hashrate_text(snapshot.rates.over_10s),
                     difficulty_text(snapshot.best_difficulty)));
    const bool alive = snapshot.hashes > hashes_ || !scans_are_due(snapshot);
    hashes_ = snapshot.hashes;
    if (watchdog_ && alive) send("WATCHDOG=1");
}

// Never blocks: a message that the service manager does not take at once is dropped.
void ServiceManager::send(const std::string& text) const {
    sockaddr_un to = {};
    if (socket_ < 0 || address_.size() >= sizeof to.sun_path) return;
    to.sun_family = AF_UNIX;
    std::memcpy(to.sun_path, address_.data(), address_.size());
    if (to.sun_path[0] == '@') to.sun_path[0] = '\0';  // the abstract namespace
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
    (void)!::sendto(socket_, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                    reinterpret_cast<const sockaddr*>(&to), size);
}

}  // namespace lode::app
