#include "app/help_formatter.h"

#include <algorithm>
#include <sstream>
#include <string_view>
#include <unistd.h>

#include <sys/ioctl.h>

namespace lode::app {

namespace {

constexpr std::size_t kColumns = 100, kFewestColumns = 60, kNameColumns = 32;

std::string wrapped(const std::string& paragraph, std::size_t columns) {
    std::string text;
    std::size_t column = 0;
    std::istringstream words(paragraph);
    for (std::string word; words >> word; column += word.size() + 1) {
        const bool fits = column + word.size() <= columns;
        if (!text.empty()) text += fits ? ' ' : '\n';
        if (!fits) column = 0;
        text += word;
    }
    return text;
}

// Every line that is too long; examples are indented, and stay as they are.
std::string wrapped_lines(const std::string& text, std::size_t columns) {
    std::string result;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        result += (line.size() > columns && !line.starts_with(' ') ? wrapped(line, columns) : line) + "\n";
    return result;
}

}  // namespace

std::size_t help_columns() {
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kColumns;
    return std::clamp<std::size_t>(size.ws_col, kFewestColumns, kColumns);
}

HelpFormatter::HelpFormatter(std::size_t columns) : columns_(columns) {
    column_width(kNameColumns);
}

std::string HelpFormatter::make_description(const CLI::App* app) const {
    const std::string text = wrapped(CLI::Formatter::make_description(app), columns_);
    return text.empty() ? text : text + "\n";
}

std::string HelpFormatter::make_footer(const CLI::App* app) const {
    return wrapped_lines(CLI::Formatter::make_footer(app), columns_);
}

std::string HelpFormatter::make_subcommand(const CLI::App* sub) const {
    std::ostringstream out;
    CLI::detail::format_help(out, sub->get_display_name(),
                             wrapped(sub->get_description(), columns_ - kNameColumns), kNameColumns);
    return out.str();
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
    return wrapped(CLI::Formatter::make_option_desc(option), columns_ - kNameColumns);
}

// A flag that switches something off is called "--no-longpoll{false}" by the parser.
std::string HelpFormatter::make_option_name(const CLI::Option* option, bool is_positional) const {
    std::string name = CLI::Formatter::make_option_name(option, is_positional);
    constexpr std::string_view kOff = "{false}";
    for (auto at = name.find(kOff); at != std::string::npos; at = name.find(kOff))
        name.erase(at, kOff.size());
    return name;
}

// "INT:INT in [-1 - 1000000]" is the type with its checks; the description says what is allowed.
std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
    if (option->get_type_size() == 0) return {};
    const std::string type = option->get_type_name();
    return " " + type.substr(0, type.find(':')) + (option->get_required() ? " (required)" : "");
}

}  // namespace lode::app
