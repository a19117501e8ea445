#include "util/log.h"

#include <atomic>
#include <ctime>

#include <fmt/chrono.h>

#include "util/line_writer.h"
#include "util/output_style.h"

namespace lode::util {
namespace {

std::atomic<LogLevel> lowest_level = LogLevel::Info;

struct Style {
    fmt::terminal_color color;
    const char* word;
};

Style style_of(LogLevel level) {
    switch (level) {
        case LogLevel::Debug:
            return {fmt::terminal_color::cyan, "debug"};
        case LogLevel::Info:
            return {fmt::terminal_color::green, "info"};
        case LogLevel::Warning:
            return {fmt::terminal_color::yellow, "warning"};
        case LogLevel::Error:
            break;
    }
    return {fmt::terminal_color::red, "error"};
}

// Of syslog(3), as sd-daemon(3) has it.
int priority_of(LogLevel level) {
    switch (level) {
        case LogLevel::Debug:
            return 7;
        case LogLevel::Info:
            return 6;
        case LogLevel::Warning:
            return 4;
        case LogLevel::Error:
            break;
    }
    return 3;
}

}  // namespace

std::string styled_line(Stream stream, LogLevel level, fmt::terminal_color color, std::string_view word,
                        std::string_view text) {
    const std::string padded = fmt::format("{:<8}", word);
    if (is_journal(stream)) return fmt::format("<{}>{} {}", priority_of(level), padded, text);
    const auto now = fmt::localtime(std::time(nullptr));
    return fmt::format("{:%H:%M:%S} {} {}", now,
                       is_colored(stream) ? fmt::format(fmt::fg(color), "{}", padded) : padded, text);
}

void set_log_level(LogLevel lowest) {
    lowest_level.store(lowest, std::memory_order_relaxed);
}
bool log_enabled(LogLevel level) {
    return level >= lowest_level.load(std::memory_order_relaxed);
}
void log_line(LogLevel level, std::string_view text) {
    if (!log_enabled(level)) return;
    const auto [color, word] = style_of(level);
    standard_streams().write(Stream::Error, styled_line(Stream::Error, level, color, word, text) + "\n");
}

}  // namespace lode::util
