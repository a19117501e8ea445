// The options of `lode mine`, from flags and a configuration file.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/reporter.h"
#include "cgminer_api/server.h"
#include "chain/network.h"
#include "lode/devices.h"
#include "lode/engine.h"
#include "lode/result.h"
#include "lode/source_options.h"
#include "status/access.h"

namespace lode::app {

struct MineOptions {
    std::vector<std::string> urls;  // in order of preference; empty: the local chain
    SourceOptions source;
    std::optional<chain::Network> signet;  // a custom one
    std::string devices;
    DeviceOptions device;
    EngineOptions engine;
    status::HttpOptions http;
    cgminer_api::Options api;                 // listen empty: none
    std::chrono::milliseconds time_limit{0};  // 0: none
    std::chrono::milliseconds drain_timeout{3000};
    Format format = Format::Text;
    std::string config;
    bool verbose = false, quiet = false;
};

// Declares all flags of `lode mine` on the subcommand, which options must outlive.
void declare_mine_options(CLI::App& command, MineOptions& options);
// After parsing: reads the configuration file, over which flags take precedence; checks peers and
// combinations of options; sets the default data directory, which is then to be prepared.
Result<void> complete_mine_options(CLI::App& command, MineOptions& options);

}  // namespace lode::app
