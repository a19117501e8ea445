#include "util/output_style.h"

#include <array>
#include <atomic>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unistd.h>

#include <fmt/format.h>
#include <sys/stat.h>

namespace lode::util {
namespace {

std::atomic<ColorChoice> color_choice = ColorChoice::Auto;

// Of an environment variable; one that is not set is as one that is empty.
std::string_view value_of(const char* variable) {
    return variable == nullptr ? "" : variable;
}

struct StreamStyle {
    explicit StreamStyle(int fd)
        : terminal(::isatty(fd) == 1),
          journal(leads_to_journal(std::getenv("JOURNAL_STREAM"), fd)),
          colored(color_wanted(color_choice, std::getenv("NO_COLOR"), std::getenv("FORCE_COLOR"),
                               std::getenv("TERM"), terminal) &&
                  !journal) {}
    bool terminal, journal, colored;
};

const StreamStyle& style_of(Stream stream) {
    static const std::array<StreamStyle, 2> styles = {StreamStyle(STDOUT_FILENO), StreamStyle(STDERR_FILENO)};
    return styles.at(stream == Stream::Output ? 0 : 1);
}

}  // namespace

void set_color_choice(ColorChoice choice) {
    color_choice = choice;
}

bool is_colored(Stream stream) {
    return style_of(stream).colored;
}
bool is_terminal(Stream stream) {
    return style_of(stream).terminal;
}
bool is_journal(Stream stream) {
    return style_of(stream).journal;
}

bool color_wanted(ColorChoice choice, const char* no_color, const char* force_color, const char* term,
                  bool terminal) {
    if (choice != ColorChoice::Auto) return choice == ColorChoice::Always;
    if (!value_of(no_color).empty()) return false;
    if (const auto force = value_of(force_color); !force.empty()) return force != "0";
    return terminal && value_of(term) != "dumb";
}

bool leads_to_journal(const char* journal_stream, int fd) {
    struct stat file = {};
    const auto stream = value_of(journal_stream);
    return !stream.empty() && ::fstat(fd, &file) == 0 &&
           stream == fmt::format("{}:{}", file.st_dev, file.st_ino);
}

}  // namespace lode::util
