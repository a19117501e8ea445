// Lines for a person on standard output.
#pragma once

#include <string>
#include <string_view>

#include <fmt/color.h>

#include "util/line_writer.h"
#include "util/log.h"

namespace lode::app {

using Color = fmt::terminal_color;

// A time, a word in colour, what happened; the text is printable already.
inline void print_line(Color color, std::string_view word, std::string_view text,
                       util::LogLevel level = util::LogLevel::Info) {
    constexpr auto kOutput = util::Stream::Output;
    util::standard_streams().write(kOutput, util::styled_line(kOutput, level, color, word, text) + "\n");
}

}  // namespace lode::app
