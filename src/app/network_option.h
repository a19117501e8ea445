// The flags that select a network, for all subcommands that have them.
#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "chain/network.h"

namespace lode::app {

// --network NAME. Accepts aliases; `network` is set to the canonical name.
CLI::Option* add_network_option(CLI::App& command, std::string& network, const std::string& fallback = {});
// --signet-challenge HEX: `signet` is set to the signet with that challenge. An error with another --network.
CLI::Option* add_signet_option(CLI::App& command, const std::string& network,
                               std::optional<chain::Network>& signet);

}  // namespace lode::app
