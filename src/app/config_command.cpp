// lode config check | example
#include <memory>
#include <string>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/mine_command.h"
#include "util/log.h"

namespace lode::app {
namespace {

int check(const std::string& path) {
    const auto command = read_mine_command({"--config", path});
    if (!command) {
        util::error("{}", command.error().text());
        return exit_code(command.error().kind);
    }
    fmt::print("{}\n",
               shown(command->settings).dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    return kDone;
}

constexpr const char* kBegin =
    R"(// A configuration of `lode mine -c FILE`; `lode config check FILE` says whether it is right. The keys are the
// flags of `lode mine --help`. What is commented out below has its default. ${HOSTNAME} and environment
// variables are replaced in every value, so that one file serves many machines. SIGHUP reads it again.
{
  // Read first, relative to this file; what is here replaces what is there.
  // "include": ["site.json", "${HOSTNAME}.json"],
)";
constexpr const char* kEnd = R"(
  // In order: the second is mined on while the first does not answer.
  "pools": [
    {"url": "stratum+tcp://pool.example:3333", "user": "ACCOUNT.${HOSTNAME}", "pass": "x"},
    {"url": "stratum+ssl://pool2.example:3334", "user": "ACCOUNT.${HOSTNAME}", "pass": "x"}
  ]
}
)";

std::string comment_of(const CLI::Option& option) {
    const bool flag = option.get_items_expected_max() == 0;
    return fmt::format("  // {}\n  // \"{}\": {},\n", option.get_description(), option.get_lnames().front(),
                       flag ? "true" : "…");
}

int example() {
    CLI::App mine;
    MineOptions options;
    declare_mine_options(mine, options);
    std::string text = kBegin;
    for (const auto& group : mine.get_groups()) {
        text += fmt::format("\n  // ---- {}\n", group);
        for (const CLI::Option* option : mine.get_options(
                 [&](const CLI::Option* o) { return o->get_group() == group && !o->get_lnames().empty(); })) {
            const auto& name = option->get_lnames().front();
            if (name != "help" && name != "config" && name != "url") text += comment_of(*option);
        }
    }
    fmt::print("{}{}", text, kEnd);
    return kDone;
}

}  // namespace

void add_config(CLI::App& program, Run& run) {
    CLI::App* command = program.add_subcommand("config", "check a configuration file, or print an example");
    command->require_subcommand(1);
    auto path = std::make_shared<std::string>();
    CLI::App* checking = command->add_subcommand(
        "check", "say whether lode mine would take a file, and print what it comes to, without passwords");
    checking->add_option("FILE", *path, "the file")->required();
    checking->callback([path, &run] { run = [path] { return check(*path); }; });
    CLI::App* showing = command->add_subcommand("example", "print a file with every key");
    showing->callback([&run] { run = example; });
    command->footer("Examples:\n  lode config example > lode.json\n  lode config check lode.json");
}

}  // namespace lode::app
