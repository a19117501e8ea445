#include "app/service_manager.h"

#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace lode::app {
namespace {

// A socket as systemd listens on, in the abstract namespace or in the file system.
class Listening {
 public:
    explicit Listening(std::string name) : name_(std::move(name)) {
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, name_.data(), name_.size());
        if (name_[0] == '@') address.sun_path[0] = '\0';
        bound_ = ::bind(socket_, reinterpret_cast<sockaddr*>(&address),
                        static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size())) == 0;
        ::setenv("NOTIFY_SOCKET", name_.c_str(), 1);
    }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;
    ~Listening() {
        for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
        ::close(socket_);
        if (name_[0] != '@') std::filesystem::remove(name_);
    }
    [[nodiscard]] bool bound() const { return bound_; }
    // What came since the last call.
    [[nodiscard]] std::vector<std::string> received() const {
        std::vector<std::string> all;
        std::string buffer(4096, '\0');
        while (true) {
            const auto size = ::recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
            if (size < 0) return all;
            all.push_back(buffer.substr(0, static_cast<std::size_t>(size)));
        }
    }

 private:
    std::string name_;
    int socket_ = ::socket(AF_UNIX, SOCK_DGRAM, 0);
    bool bound_ = false;
};

std::string abstract_name() {
    return "@lode-test-" + std::to_string(::getpid());
}

using Strings = std::vector<std::string>;

Snapshot mining(std::uint64_t hashes) {
    Snapshot s;
    s.hashes = hashes;
    s.job = JobSnapshot{};
    s.devices.resize(1);
    s.devices[0].state = DeviceState::Running;
    s.rates.over_10s = 39.2e6;
    s.best_difficulty = 12;
    return s;
}

TEST(ServiceManager, TellsItsStates) {
    for (const std::string& name : {abstract_name(), ::testing::TempDir() + "lode-notify"}) {
        const Listening systemd(name);
        ASSERT_TRUE(systemd.bound());
        ServiceManager manager;
        manager.ready();
        manager.tick(mining(1));
        manager.stopping();
        EXPECT_EQ(systemd.received(),
                  (Strings{"READY=1", "STATUS=mining at 39.20 MH/s, best 12", "STOPPING=1"}));
    }
}

TEST(ServiceManager, NamesTheTimeOfAReload) {
    const Listening systemd(abstract_name());
    ServiceManager manager;
    timespec before = {};
    ::clock_gettime(CLOCK_MONOTONIC, &before);
    manager.reloading();
    manager.ready();
    const auto told = systemd.received();
    ASSERT_EQ(told.size(), 2u);
    const std::string head = "RELOADING=1\nMONOTONIC_USEC=";
    ASSERT_TRUE(told[0].starts_with(head)) << told[0];
    const auto microseconds = std::stoll(told[0].substr(head.size()));
    EXPECT_GE(microseconds, before.tv_sec * 1'000'000 + before.tv_nsec / 1000);
    EXPECT_LE(microseconds, (before.tv_sec + 100) * 1'000'000);
    EXPECT_EQ(told[1], "READY=1");
}

TEST(ServiceManager, SaysThatItLivesWhileScansComplete) {
    const Listening systemd(abstract_name());
    ::setenv("WATCHDOG_USEC", "30000000", 1);
    ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
    ServiceManager manager;
    const auto alive = [&](const Snapshot& snapshot) {
        manager.tick(snapshot);
        const auto all = systemd.received();
        return all.size() == 2 && all[1] == "WATCHDOG=1";
    };
    EXPECT_TRUE(alive(mining(1)));
    EXPECT_TRUE(alive(mining(2)));
    EXPECT_FALSE(alive(mining(2)));  // the devices hang
    Snapshot paused = mining(2), idle = mining(2), opening = mining(2);
    paused.paused = true;
    idle.job.reset();
    opening.devices[0].state = DeviceState::Opening;
    for (const auto& snapshot : {paused, idle, opening}) EXPECT_TRUE(alive(snapshot));
}

TEST(ServiceManager, TheWatchdogOfAnotherProcessIsNotOurs) {
    const Listening systemd(abstract_name());
    ::setenv("WATCHDOG_USEC", "30000000", 1);
    ::setenv("WATCHDOG_PID", "1", 1);
    ServiceManager manager;
    manager.tick(mining(1));
    EXPECT_EQ(systemd.received().size(), 1u);
}

TEST(ServiceManager, IsSilentWithoutOne) {
    ::unsetenv("NOTIFY_SOCKET");
    ServiceManager manager;
    manager.ready();
    manager.tick(mining(1));
    ::setenv("NOTIFY_SOCKET", std::string(200, 'x').c_str(), 1);  // longer than a socket's name can be
    ServiceManager other;
    other.ready();
    ::unsetenv("NOTIFY_SOCKET");
}

}  // namespace
}  // namespace lode::app
