#include "app/key_mode.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <termios.h>
#include <unistd.h>

#include "app/signal_handler.h"

namespace lode::app {
namespace {

// What the handlers touch: written before they are installed, or lock-free.
termios as_it_was;
bool hang_up_ends = false;
std::atomic<bool> wanted{false}, set{false};
static_assert(std::atomic<bool>::is_always_lock_free);

// A background process that changes the terminal is stopped for it.
bool in_foreground() {
    return ::tcgetpgrp(STDIN_FILENO) == ::getpgrp();
}

void set_keys() {
    if (!wanted || !in_foreground()) return;
    termios keys = as_it_was;
    keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    keys.c_cc[VMIN] = 1;
    keys.c_cc[VTIME] = 0;
    set = ::tcsetattr(STDIN_FILENO, TCSANOW, &keys) == 0;
}

void restore() {
    if (set && in_foreground()) ::tcsetattr(STDIN_FILENO, TCSANOW, &as_it_was);
    set = false;
}

extern "C" void on_stop(int) {
    const int error = errno;
    restore();
    ::raise(SIGSTOP);  // SIGTSTP is what is handled here; the shell sees no difference
    errno = error;
}
extern "C" void on_continue(int) {
    const int error = errno;
    set_keys();
    errno = error;
}
extern "C" void on_end(int number) {
    restore();
    std::signal(number, SIG_DFL);
    ::raise(number);
}

void handle_all(void (*stop)(int), void (*go_on)(int), void (*end)(int)) {
    handle_signal(SIGTSTP, stop);
    handle_signal(SIGCONT, go_on);
    for (const int number : {SIGQUIT, SIGABRT}) handle_signal(number, end);
    if (hang_up_ends) handle_signal(SIGHUP, end);
}

bool is_default(int number) {
    struct sigaction action = {};
    return ::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_DFL;
}

}  // namespace

bool enter_key_mode() {
    if (::isatty(STDIN_FILENO) != 1 || ::tcgetattr(STDIN_FILENO, &as_it_was) != 0) return false;
    wanted = true;
    hang_up_ends = is_default(SIGHUP);  // where it does not ask for a reload
    handle_all(on_stop, on_continue, on_end);
    set_keys();
    return true;
}

void leave_key_mode() {
    if (!wanted.exchange(false)) return;
    restore();
    handle_all(SIG_DFL, SIG_DFL, SIG_DFL);
}

bool may_read_keys() {
    if (!in_foreground()) return false;
    if (!set) set_keys();
    return set;
}

}  // namespace lode::app
