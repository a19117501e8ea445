#include "app/help_formatter.h"

#include <sstream>
#include <string_view>

namespace lode::app {

namespace {

constexpr std::size_t kColumns = 100, kNameColumns = 32;

}  // namespace

HelpFormatter::HelpFormatter() {
    column_width(kNameColumns);
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
    std::string text;
    std::size_t column = 0;
    std::istringstream words(CLI::Formatter::make_option_desc(option));
    for (std::string word; words >> word; column += word.size() + 1) {
        const bool fits = column + word.size() <= kColumns - kNameColumns;
        if (!text.empty()) text += fits ? ' ' : '\n';
        if (!fits) column = 0;
        text += word;
    }
    return text;
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
