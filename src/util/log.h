// Log lines on standard error: time, level, text. Callers make untrusted text printable first, and never
// block (util/line_writer.h).
#pragma once

#include <string>
#include <string_view>

#include <fmt/color.h>
#include <fmt/core.h>

#include "util/line_writer.h"

namespace lode::util {

enum class LogLevel { Debug, Info, Warning, Error };

void set_log_level(LogLevel lowest);
bool log_enabled(LogLevel level);
void log_line(LogLevel level, std::string_view text);  // thread-safe

// "12:34:56 word     text", the word in colour; or "<6>word     text" for a journal; as util/output_style.h
// says of the stream.
std::string styled_line(Stream stream, LogLevel level, fmt::terminal_color color, std::string_view word,
                        std::string_view text);

template <typename... Args>
void log(LogLevel level, fmt::format_string<Args...> format, Args&&... args) {
    if (log_enabled(level)) log_line(level, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
    log(LogLevel::Debug, format, std::forward<Args>(args)...);
}
template <typename... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
    log(LogLevel::Info, format, std::forward<Args>(args)...);
}
template <typename... Args>
void warn(fmt::format_string<Args...> format, Args&&... args) {
    log(LogLevel::Warning, format, std::forward<Args>(args)...);
}
template <typename... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
    log(LogLevel::Error, format, std::forward<Args>(args)...);
}

}  // namespace lode::util
