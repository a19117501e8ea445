#include "app/help_formatter.h"

#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "app/commands.h"
#include "app/program.h"

namespace lode::app {
namespace {

// A terminal would break a longer line in the middle of a word. Examples are commands, and stay whole.
TEST(HelpFormatter, KeepsToTheColumns) {
    for (const std::size_t columns : {60u, 80u, 100u}) {
        CLI::App program;
        app::Run run;
        declare_program(program, run);
        const HelpFormatter formatter(columns);
        auto commands = program.get_subcommands([](const CLI::App*) { return true; });
        commands.push_back(&program);
        for (const CLI::App* command : commands) {
            std::istringstream lines(formatter.make_help(command, "lode", CLI::AppFormatMode::Normal));
            bool example = false;
            for (std::string line; std::getline(lines, line);) {
                example |= line.starts_with("Examples:");
                const bool word = line.find_last_of(' ') < 32;  // a single one, which cannot be broken
                EXPECT_TRUE(line.size() <= columns || example || word) << columns << ": " << line;
            }
        }
    }
}

}  // namespace
}  // namespace lode::app
