#include "util/log.h"

#include <memory>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace lode::util {
namespace {

spdlog::logger& logger() {
    static const std::shared_ptr<spdlog::logger> instance = [] {
        auto made =
            std::make_shared<spdlog::logger>("lode", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
        made->set_pattern("%H:%M:%S %^%-8l%$ %v");
        made->flush_on(spdlog::level::trace);
        return made;
    }();
    return *instance;
}

spdlog::level::level_enum translate(LogLevel level) {
    switch (level) {
        case LogLevel::Debug:
            return spdlog::level::debug;
        case LogLevel::Info:
            return spdlog::level::info;
        case LogLevel::Warning:
            return spdlog::level::warn;
        case LogLevel::Error:
            break;
    }
    return spdlog::level::err;
}

}  // namespace

void set_log_level(LogLevel lowest) {
    logger().set_level(translate(lowest));
}
bool log_enabled(LogLevel level) {
    return logger().should_log(translate(level));
}
void log_line(LogLevel level, std::string_view text) {
    logger().log(translate(level), spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace lode::util
