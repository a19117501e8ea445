// Shared by the subcommands of `lode chain`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json_fwd.hpp>

#include "app/commands.h"
#include "chain/header_store.h"

namespace lode::app {

struct ChainOptions {
    std::string network;                   // empty: not given
    std::optional<chain::Network> signet;  // a custom one
    std::string data_dir;                  // empty: not given
    std::string format = "table";

    [[nodiscard]] bool json() const { return format == "json"; }
    // The given directory, or the default.
    [[nodiscard]] std::string directory() const;
    // The given network, otherwise the only one in the data directory, otherwise main. Valid as long as the
    // options.
    [[nodiscard]] const chain::Network& chosen_network() const;
    // The given network, or null.
    [[nodiscard]] const chain::Network* given_network() const;
};

void declare_chain_options(CLI::App& command, ChainOptions& options);

// Reads the stored headers without changing anything; logs damage. Draws a progress bar.
Result<chain::HeaderStore> view_headers(const ChainOptions& options);
void log_remarks(const std::vector<std::string>& remarks);

int report(const Error& error);                               // logs it and gives its exit code
std::string json_text(const nlohmann::ordered_json& object);  // one line, without newline
void print_json(const nlohmann::ordered_json& object);        // may block until it is read
std::string bits_text(std::uint32_t bits);                    // "1d00ffff"

void add_chain_status(CLI::App& chain, Run& run);
void add_chain_show(CLI::App& chain, Run& run);
void add_chain_import(CLI::App& chain, Run& run);
void add_chain_verify(CLI::App& chain, Run& run);
void add_chain_sync(CLI::App& chain, Run& run);

}  // namespace lode::app
