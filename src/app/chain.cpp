#include "app/chain.h"

#include <filesystem>
#include <vector>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "app/checks.h"
#include "app/network_option.h"
#include "app/paths.h"
#include "app/progress.h"
#include "chain/network.h"
#include "util/hex.h"
#include "util/log.h"

namespace lode::app {

std::string ChainOptions::directory() const {
    return data_dir.empty() ? default_data_dir() : data_dir;
}

const chain::Network* ChainOptions::given_network() const {
    return signet ? &*signet : chain::find_network(network);
}

const chain::Network& ChainOptions::chosen_network() const {
    if (const auto* given = given_network()) return *given;
    std::vector<const chain::Network*> stored;
    std::error_code code;
    for (const auto& n : chain::networks())
        if (std::filesystem::exists(chain::NetworkDir::view(directory(), n).file("headers.dat"), code))
            stored.push_back(&n);
    return stored.size() == 1 ? *stored.front() : *chain::find_network("main");
}

void declare_chain_options(CLI::App& command, ChainOptions& options) {
    add_network_option(command, options.network, "the only one that the data directory holds, else main");
    add_signet_option(command, options.network, options.signet);
    command.add_option("--data-dir", options.data_dir,
                       "where headers are kept; default: " + default_data_dir());
    command.add_option("--format", options.format, "table or json")->check(CLI::IsMember({"table", "json"}));
    refuse_empty_values(command);
}

Result<chain::HeaderStore> view_headers(const ChainOptions& options) {
    Progress bar("reading", "headers", options.json());
    auto store =
        chain::HeaderStore::open(chain::NetworkDir::view(options.directory(), options.chosen_network()),
                                 std::nullopt, [&bar](std::uint64_t done, std::uint64_t total) {
                                     bar.update(static_cast<double>(done) / static_cast<double>(total), done);
                                 });
    if (store) log_remarks(store->remarks());
    return store;
}

void log_remarks(const std::vector<std::string>& remarks) {
    for (const auto& remark : remarks) util::warn("{}", util::printable(remark, 500));
}

int report(const Error& error) {
    util::error("{}", util::printable(error.text(), 800));
    return exit_code(error.kind);
}

std::string json_text(const nlohmann::ordered_json& object) {
    return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void print_json(const nlohmann::ordered_json& object) {
    fmt::print("{}\n", json_text(object));
    std::fflush(stdout);
}

std::string bits_text(std::uint32_t bits) {
    return fmt::format("{:08x}", bits);
}

void add_chain(CLI::App& program, Run& run) {
    CLI::App* chain = program.add_subcommand("chain", "show, import, sync and verify the stored headers");
    chain->require_subcommand(1);
    add_chain_status(*chain, run);
    add_chain_show(*chain, run);
    add_chain_import(*chain, run);
    add_chain_verify(*chain, run);
    add_chain_sync(*chain, run);
}

}  // namespace lode::app
