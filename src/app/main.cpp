#include <csignal>
#include <exception>
#include <string>

#include "app/commands.h"
#include "app/config_file.h"
#include "app/version.h"
#include "base/nearest.h"
#include "util/hex.h"
#include "util/log.h"

namespace lode::app {

ExitCode exit_code(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::Unreachable:
        case ErrorKind::Refused:
            return kUnreachable;
        case ErrorKind::Device:
            return kNoDevice;
        case ErrorKind::Internal:
            return kInternal;
        case ErrorKind::Usage:
        case ErrorKind::Malformed:
        case ErrorKind::Storage:
            break;
    }
    return kUsage;
}

namespace {

// The words that could have been meant where an unknown one was typed.
std::vector<std::string> known_words(const CLI::App& program) {
    std::vector<std::string> words;
    const CLI::App* command = &program;
    while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
    for (const auto& name : flag_names(*command)) words.push_back("--" + name);
    for (const CLI::App* sub : command->get_subcommands([](const CLI::App*) { return true; }))
        words.push_back(sub->get_name());
    return words;
}

int usage_error(const CLI::App& program, const CLI::ParseError& error) {
    std::string text = error.what();
    const auto remaining = program.remaining(true);
    if (!remaining.empty()) {
        const std::string typed = remaining.front().substr(0, remaining.front().find('='));
        text = "unknown argument '" + util::printable(typed, 60) + "'";
        if (const auto near = base::nearest(typed, known_words(program)); !near.empty())
            text += ", the nearest known is '" + near + "'";
    }
    util::error("{}; see --help", util::printable(text, 400));
    return kUsage;
}

int run_program(int argc, char** argv) {
    CLI::App program(
        "lode: a SHA-256d mining engine. It mines on your own Bitcoin node, at a Stratum pool, or on a\n"
        "chain of its own, and measures every device.",
        "lode");
    program.set_version_flag("--version", version_text());
    program.require_subcommand(1);
    program.failure_message(CLI::FailureMessage::simple);
    program.footer(
        "lode mine --help, lode bench --help and so on show examples.\n"
        "Exit codes: 0 done, 1 usage or configuration, 2 no work source could be reached, 3 no usable "
        "device,\n"
        "4 an internal error.");
    Run run;
    add_mine(program, run);
    add_bench(program, run);
    add_devices(program, run);
    add_chain(program, run);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return program.exit(error);  // --help, --version
        return usage_error(program, error);
    }
    return run();
}

}  // namespace
}  // namespace lode::app

int main(int argc, char** argv) {
    std::signal(SIGXFSZ, SIG_IGN);  // a limit on file sizes (ulimit -f) is an error of write(), not our end
    try {
        return lode::app::run_program(argc, argv);
    } catch (const std::exception& error) {
        lode::util::error("internal error: {}", lode::util::printable(error.what()));
        return lode::app::kInternal;
    }
}
