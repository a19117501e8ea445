// What the subcommands of `lode chain` share.
#pragma once

#include <cstdint>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json_fwd.hpp>

#include "app/commands.h"
#include "chain/header_store.h"

namespace lode::app {

struct ChainOptions {
    std::string network;   // empty: not given
    std::string data_dir;  // empty: not given
    std::string format = "table";

    [[nodiscard]] bool json() const { return format == "json"; }
    // What was given, else the default; the network is then the only one that the data directory holds, else
    // main.
    [[nodiscard]] std::string directory() const;
    [[nodiscard]] const chain::Network& chosen_network() const;
};

void declare_chain_options(CLI::App& command, ChainOptions& options);

// The stored headers, without touching anything; damage goes to the log. Draws a bar.
Result<chain::HeaderStore> view_headers(const ChainOptions& options);
void log_remarks(const std::vector<std::string>& remarks);

int report(const Error& error);  // logs it and gives its exit code
void print_json(const nlohmann::ordered_json& object);
std::string bits_text(std::uint32_t bits);  // "1d00ffff"
std::int64_t unix_now();                    // seconds since 1970

void add_chain_status(CLI::App& chain, Run& run);
void add_chain_show(CLI::App& chain, Run& run);
void add_chain_import(CLI::App& chain, Run& run);
void add_chain_verify(CLI::App& chain, Run& run);
void add_chain_sync(CLI::App& chain, Run& run);

}  // namespace lode::app
