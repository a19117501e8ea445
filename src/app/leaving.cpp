#include "app/leaving.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <unistd.h>
#include <vector>

#include "app/arguments.h"
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

void leave_without_cleanup() {
    without_cleanup = true;
}

void restart_on_leaving() {
    restart = true;
}

int leave(int code) {
    flush_output();
    if (restart) start_anew();
    if (!without_cleanup) return code;
    std::fflush(nullptr);
    _exit(code);
}

}  // namespace lode::app
