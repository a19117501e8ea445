#include "app/leaving.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

#include "app/arguments.h"
#include "app/commands.h"
#include "app/reporter.h"
#include "util/line_writer.h"
#include "util/log.h"

namespace lode::app {
namespace {

using namespace std::chrono_literals;

constexpr auto kFlush = 2s;
constexpr auto kFlushNote = 200ms;

std::atomic<bool> without_cleanup{false}, restart{false};

void flush_output() {
    auto& streams = util::standard_streams();
    if (streams.flush(kFlush)) return;
    util::warn("the last lines of output were not read, and are lost");
    streams.flush(kFlushNote);
}

// The first thing that went wrong with standard output; a closed pipe is a normal end.
std::optional<Error> output_error() {
    errno = 0;
    const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    if (written || errno == EPIPE) return Reporter::output_error();
    return Error{
        ErrorKind::Storage, errno == 0 ? "cannot be written" : std::strerror(errno), "standard output", {}};
}

int after_output(int code) {
    const auto error = code == kDone ? output_error() : std::nullopt;
    if (!error) return code;
    util::error("{}", error->text());
    flush_output();
    return exit_code(error->kind);
}

// Returns only where it cannot.
void start_anew() {
    auto words = program_arguments();
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execv("/proc/self/exe", arguments.data());
    util::error("cannot start anew: {}", std::strerror(errno));
    flush_output();
}

}  // namespace

void open_closed_streams() {
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            (void)!::open("/dev/null", O_RDWR);  // the lowest free
}

void leave_without_cleanup() {
    without_cleanup = true;
}

void restart_on_leaving() {
    restart = true;
}

int leave(int code) {
    flush_output();
    code = after_output(code);
    if (restart) start_anew();
    if (!without_cleanup) return code;
    std::fflush(nullptr);
    _exit(code);
}

}  // namespace lode::app
