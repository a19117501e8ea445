#include "app/leaving.h"

#include <cstdlib>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sys/wait.h>

namespace lode::app {
namespace {

// What a program that leaves with 7 ends with, where destroying static objects would end it with 9.
int exit_code(bool without_cleanup) {
    const pid_t child = ::fork();
    if (child == 0) {
        std::atexit([] { _exit(9); });
        if (without_cleanup) leave_without_cleanup();
        std::exit(leave(7));
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Leaving, DestroysStaticObjectsUnlessAThreadWasAbandoned) {
    EXPECT_EQ(exit_code(false), 9);
    EXPECT_EQ(exit_code(true), 7);
}

}  // namespace
}  // namespace lode::app
