#include "app/color_option.h"

#include <string>

#include "util/output_style.h"

namespace lode::app {

void add_color_option(CLI::App& command) {
    using enum util::ColorChoice;
    command
        .add_option_function<std::string>(
            "--color",
            [](const std::string& when) {
                util::set_color_choice(when == "always" ? Always : when == "never" ? Never : Auto);
            },
            "auto, always or never; auto: on a terminal, unless NO_COLOR or FORCE_COLOR says otherwise")
        ->check(CLI::IsMember({"auto", "always", "never"}));
}

}  // namespace lode::app
