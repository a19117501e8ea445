// Lines for a person, on standard error: time, level, text. Callers make foreign text printable first.
#pragma once

#include <string_view>

#include <fmt/core.h>

namespace lode::util {

enum class LogLevel { Debug, Info, Warning, Error };

void set_log_level(LogLevel lowest);
bool log_enabled(LogLevel level);
void log_line(LogLevel level, std::string_view text);  // thread-safe

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
