// --help as people read it: what a value is, without the checks' own names, in at most 100 columns.
#pragma once

#include <cstddef>
#include <string>

#include <CLI/CLI.hpp>

namespace lode::app {

class HelpFormatter : public CLI::Formatter {
 public:
    explicit HelpFormatter(std::size_t columns);
    std::string make_description(const CLI::App* app) const override;
    std::string make_subcommand(const CLI::App* sub) const override;
    std::string make_footer(const CLI::App* app) const override;
    std::string make_option_name(const CLI::Option* option, bool is_positional) const override;
    std::string make_option_opts(const CLI::Option* option) const override;
    std::string make_option_desc(const CLI::Option* option) const override;

 private:
    std::size_t columns_;
};

// Of help on standard output: as many as a terminal has, from 60 to 100; elsewhere 100.
std::size_t help_columns();

}  // namespace lode::app
