#include "app/interrupt.h"

#include <atomic>
#include <csignal>
#include <future>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sys/wait.h>

namespace lode::app {
namespace {

using namespace std::chrono_literals;

TEST(Interrupt, TheFirstSignalRequestsAStop) {
    std::promise<void> asked;
    Interrupt interrupt([&] { asked.set_value(); });
    ::kill(::getpid(), SIGTERM);
    EXPECT_EQ(asked.get_future().wait_for(10s), std::future_status::ready);
}

TEST(Interrupt, EachHangupRequestsAReload) {
    std::atomic<int> asked{0}, reloads{0};
    {
        const Interrupt interrupt([&] { ++asked; }, [&] { ++reloads; });
        for (int i = 1; i <= 3; ++i) {
            ::kill(::getpid(), SIGHUP);
            const auto end = std::chrono::steady_clock::now() + 10s;
            while (reloads < i && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(1ms);
            EXPECT_EQ(reloads, i);
        }
        EXPECT_EQ(asked, 0);
    }
    ::kill(::getpid(), SIGHUP);  // a late one does no harm
    EXPECT_EQ(reloads, 3);
}

TEST(Interrupt, WithoutASignalNothingIsRequested) {
    bool asked = false;
    {
        const Interrupt interrupt([&] { asked = true; });
    }
    EXPECT_FALSE(asked);
}

// A program whose main thread never comes back: what a second signal ends all the same.
int exit_code_after(int first, int second) {
    int ready[2];
    if (::pipe(ready) != 0) return -1;
    const pid_t child = ::fork();
    if (child == 0) {
        const Interrupt interrupt([&] { (void)!::write(ready[1], "a", 1); });
        (void)!::write(ready[1], "r", 1);
        while (true) ::pause();
    }
    char byte = 0;
    (void)!::read(ready[0], &byte, 1);  // its handler is there
    ::kill(child, first);
    (void)!::read(ready[0], &byte, 1);  // it was asked
    ::kill(child, second);
    int status = 0;
    ::waitpid(child, &status, 0);
    ::close(ready[0]);
    ::close(ready[1]);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST(Interrupt, TheSecondSignalEndsAProgramThatIsStuck) {
    EXPECT_EQ(exit_code_after(SIGINT, SIGINT), 130);
    EXPECT_EQ(exit_code_after(SIGTERM, SIGINT), 130);
    EXPECT_EQ(exit_code_after(SIGINT, SIGTERM), 143);
}

}  // namespace
}  // namespace lode::app
