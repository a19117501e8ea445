// Ctrl-C and SIGTERM: the first requests a stop, the second ends the program at once. SIGHUP requests a
// reload.
#pragma once

#include <functional>
#include <thread>

namespace lode::app {

// At most one object at a time. The second signal exits from the signal handler itself, so that it works
// whatever the threads are doing; the exit code is then 128 + the signal's number, as in a shell.
class Interrupt {
 public:
    // `asked` is called once, on a thread of its own, after the first signal; there too `reload` after each
    // SIGHUP, or several that come together. Without it SIGHUP ends the program as it always does.
    explicit Interrupt(std::function<void()> asked, std::function<void()> reload = {});
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;
    ~Interrupt();  // restores the default: the next signal ends the program

 private:
    void wait();

    std::function<void()> asked_, reload_;
    std::thread thread_;
};

}  // namespace lode::app
