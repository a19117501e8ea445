#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <system_error>

#include "app/commands.h"
#include "app/config_file.h"
#include "app/flags.h"
#include "app/foreign_flags.h"
#include "app/leaving.h"
#include "app/program.h"
#include "base/nearest.h"
#include "util/hex.h"
#include "util/log.h"

namespace lode::app {

namespace {

// Candidates for the suggestion after an unknown word.
std::vector<std::string> known_words(const CLI::App& program) {
    std::vector<std::string> words;
    const CLI::App* command = &program;
    while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
    for (const auto& name : flag_names(*command)) words.push_back("--" + name);
    for (const CLI::App* sub : command->get_subcommands([](const CLI::App*) { return true; }))
        words.push_back(sub->get_name());
    return words;
}

// A suggestion for an unknown argument.
std::string hint_for(const CLI::App& program, const std::string& typed) {
    if (program.get_subcommands().empty() && program.get_subcommand("mine")->get_option_no_throw(typed))
        return ": write 'lode mine " + typed + " ...'";
    if (const auto advice = advice_on(typed); !advice.empty() && typed.starts_with('-'))
        return ": " + std::string(advice);
    const auto near = base::nearest(typed, known_words(program));
    return near.empty() ? "" : ", the nearest known is '" + near + "'";
}

int usage_error(const CLI::App& program, const CLI::ParseError& error) {
    std::string text = plain_words(error.what());
    const auto remaining = program.remaining(true);
    if (!remaining.empty()) {
        const std::string typed = remaining.front().substr(0, remaining.front().find('='));
        text = "unknown argument '" + util::printable(typed, 60) + "'" + hint_for(program, typed);
    }
    util::error("{}; see --help", util::printable(text, 400));
    return kUsage;
}

int run_program(int argc, char** argv) {
    CLI::App program;
    Run run;
    declare_program(program, run);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return program.exit(error);  // --help, --version
        return usage_error(program, error);
    }
    if (!run) run = [&] { return print_help(program, "lode"); };  // no subcommand
    return run();
}

// fmt::print() throws where standard output cannot be written.
int failed(const std::system_error& error) {
    if (std::ferror(stdout) != 0) {
        util::error("standard output: {}", error.code().message());
        return kUsage;
    }
    util::error("internal error: {}", util::printable(error.what()));
    return kInternal;
}

}  // namespace
}  // namespace lode::app

int main(int argc, char** argv) {
    lode::app::open_closed_streams();
    std::signal(SIGXFSZ, SIG_IGN);  // exceeding a file size limit (ulimit -f) then is an error of write()
    int code = lode::app::kInternal;
    try {
        code = lode::app::run_program(argc, argv);
    } catch (const std::system_error& error) {
        code = lode::app::failed(error);
    } catch (const std::exception& error) {
        lode::util::error("internal error: {}", lode::util::printable(error.what()));
    }
    return lode::app::leave(code);
}
