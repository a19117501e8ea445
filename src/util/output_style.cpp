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

bool is_set(const char* value) {
    return value != nullptr && *value != '\0';
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
    if (is_set(no_color)) return false;
    if (is_set(force_color)) return std::string_view(force_color) != "0";
    return terminal && (term == nullptr || std::string_view(term) != "dumb");
}

bool leads_to_journal(const char* journal_stream, int fd) {
    struct stat file = {};
    if (!is_set(journal_stream) || ::fstat(fd, &file) != 0) return false;
    return fmt::format("{}:{}", file.st_dev, file.st_ino) == journal_stream;
}

}  // namespace lode::util
