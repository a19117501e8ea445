#include "app/keyboard.h"

#include <array>
#include <csignal>
#include <cstdint>
#include <poll.h>
#include <unistd.h>
#include <utility>

#include <sys/eventfd.h>

#include "app/key_mode.h"

namespace lode::app {
namespace {

constexpr int kForegroundLook = 500;  // milliseconds between looks whether we are in the foreground

}  // namespace

Keyboard::Keyboard(std::function<void(char)> pressed) : pressed_(std::move(pressed)) {
    if (!enter_key_mode()) return;
    wake_ = ::eventfd(0, EFD_CLOEXEC);
    thread_ = std::thread([this] { read(); });
}

Keyboard::~Keyboard() {
    if (!thread_.joinable()) return;
    const std::uint64_t one = 1;
    (void)!::write(wake_, &one, sizeof one);
    thread_.join();
    ::close(wake_);
    leave_key_mode();
}

void Keyboard::read() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);  // SIGTTIN too: reading in the background is an error, no stop
    while (true) {
        const bool foreground = may_read_keys();
        std::array<pollfd, 2> polled = {pollfd{wake_, POLLIN, 0},
                                        pollfd{foreground ? STDIN_FILENO : -1, POLLIN, 0}};
        if (::poll(polled.data(), polled.size(), foreground ? -1 : kForegroundLook) < 0) continue;
        if (polled[0].revents != 0) return;
        if (polled[1].revents == 0) continue;
        char key = 0;
        const auto size = ::read(STDIN_FILENO, &key, 1);
        if (size == 0) return;  // the terminal is gone
        if (size == 1) pressed_(key);
    }
}

}  // namespace lode::app
