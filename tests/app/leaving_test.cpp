#include "app/leaving.h"

#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
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

TEST(Leaving, FailsWhereOutputCannotBeWritten) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO);
        std::puts("text");
        _exit(leave(0));
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), 1);
}

TEST(OpenClosedStreams, LeavesNoStandardStreamToAFile) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(STDIN_FILENO);
        ::close(STDOUT_FILENO);
        open_closed_streams();
        const bool discarded = ::write(STDOUT_FILENO, "text", 4) == 4;
        _exit(discarded && ::open("/dev/null", O_RDONLY) > STDERR_FILENO ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace lode::app
