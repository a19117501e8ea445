#include "app/interrupt.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <semaphore.h>
#include <unistd.h>
#include <utility>

#include "app/key_mode.h"
#include "app/signal_handler.h"

namespace lode::app {
namespace {

// State of the signal handler: only a lock-free counter and a semaphore, which are async-signal-safe.
std::atomic<unsigned> interrupts{0};
std::atomic<bool> hung_up{false}, over{false};
sem_t woken;
static_assert(std::atomic<unsigned>::is_always_lock_free);

extern "C" void on_signal(int number) {
    if (interrupts.fetch_add(1) > 0) {
        leave_key_mode();
        _exit(128 + number);
    }
    const int error = errno;
    sem_post(&woken);
    errno = error;
}
extern "C" void on_hang_up(int) {
    hung_up = true;
    const int error = errno;
    sem_post(&woken);
    errno = error;
}

void handle_interrupts(void (*handler)(int)) {
    for (const int number : {SIGINT, SIGTERM}) handle_signal(number, handler);
}

}  // namespace

Interrupt::Interrupt(std::function<void()> asked, std::function<void()> reload)
    : asked_(std::move(asked)), reload_(std::move(reload)) {
    interrupts = 0;
    hung_up = over = false;
    sem_init(&woken, 0, 0);
    thread_ = std::thread([this] { wait(); });
    handle_interrupts(on_signal);
    if (reload_) handle_signal(SIGHUP, on_hang_up);
}

Interrupt::~Interrupt() {
    handle_interrupts(SIG_DFL);
    if (reload_) handle_signal(SIGHUP, SIG_IGN);  // a late one is no reason to end otherwise than in order
    over = true;
    sem_post(&woken);
    thread_.join();
}

void Interrupt::wait() {
    for (bool told = false; !over;) {
        while (sem_wait(&woken) != 0) {
        }
        if (interrupts > 0 && !std::exchange(told, true)) asked_();
        if (hung_up.exchange(false) && reload_) reload_();
    }
}

}  // namespace lode::app
