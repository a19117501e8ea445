// --help as people read it: what a value is, without the checks' own names, in at most 100 columns.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace lode::app {

class HelpFormatter : public CLI::Formatter {
 public:
    HelpFormatter();
    std::string make_option_name(const CLI::Option* option, bool is_positional) const override;
    std::string make_option_opts(const CLI::Option* option) const override;
    std::string make_option_desc(const CLI::Option* option) const override;
};

}  // namespace lode::app
