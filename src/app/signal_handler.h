// Installs a signal handler; system calls that the signal interrupts are restarted.
#pragma once

#include <csignal>

namespace lode::app {

inline void handle_signal(int number, void (*handler)(int)) {
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    ::sigaction(number, &action, nullptr);
}

}  // namespace lode::app
