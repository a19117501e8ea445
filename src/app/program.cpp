#include "app/program.h"

#include <memory>

#include <fmt/core.h>

#include "app/help_formatter.h"
#include "app/version.h"

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

// "lode help", "lode help mine": as --help.
void add_help(CLI::App& program, Run& run) {
    auto topic = std::make_shared<std::string>();
    CLI::App* command = program.add_subcommand("help", "print this, or the help of a subcommand");
    command->add_option("SUBCOMMAND", *topic, "whose help to print");
    command->callback([&program, topic, &run] {
        run = [&program] { return print_help(program, "lode"); };
        if (topic->empty()) return;
        const auto named = program.get_subcommands([&](CLI::App* c) { return c->get_name() == *topic; });
        if (named.empty()) throw CLI::ValidationError("no subcommand '" + *topic + "'");
        run = [about = named.front()] { return print_help(*about, "lode " + about->get_name()); };
    });
}

}  // namespace

// program.help() would be that of the subcommand `help` itself.
int print_help(const CLI::App& command, const std::string& name) {
    fmt::print("{}", command.get_formatter()->make_help(&command, name, CLI::AppFormatMode::Normal));
    return kDone;
}

void declare_program(CLI::App& program, Run& run) {
    program.name("lode");
    program.description(
        "lode: a SHA-256d mining engine. It mines on your own Bitcoin node, at a Stratum pool, or on a\n"
        "local chain, and benchmarks devices.");
    program.formatter(std::make_shared<HelpFormatter>(help_columns()));  // of the subcommands too
    program.set_version_flag("--version", version_text());
    program.require_subcommand(0, 1);
    program.failure_message(CLI::FailureMessage::simple);
    program.footer(
        "lode mine --help, lode bench --help and so on show examples.\n"
        "Exit codes: 0 done, 1 usage or configuration, 2 no work source could be reached, 3 no usable "
        "device,\n"
        "4 an internal error, 5 lode doctor found a rule broken, 130 and 143 ended at once by a second "
        "Ctrl-C or SIGTERM.");
    add_mine(program, run);
    add_bench(program, run);
    add_devices(program, run);
    add_chain(program, run);
    add_doctor(program, run);
    add_config(program, run);
    add_help(program, run);
}

}  // namespace lode::app
