// What `lode mine` was told, by flags and by a configuration file.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/reporter.h"
#include "backend/registry.h"
#include "lode/engine.h"
#include "lode/result.h"
#include "source/options.h"
#include "util/url.h"

namespace lode::app {

struct MineOptions {
    std::vector<std::string> url_texts;
    std::vector<util::Url> urls;  // in order of preference; empty: the local chain
    source::SourceOptions source;
    backend::BackendOptions backend;
    std::string devices;
    EngineOptions engine;
    double time_limit = 0;  // seconds; 0: none
    Format format = Format::Text;
    std::string config;
    bool verbose = false, quiet = false;
};

// Declares every flag of `lode mine` on the subcommand; options outlives it.
void declare_mine_options(CLI::App& command, MineOptions& options);
// After parsing: reads the configuration file, whose keys are named like the flags and give way to them;
// checks what flags alone cannot (URLs, combinations), fills in the data directory and creates it.
Result<void> complete_mine_options(CLI::App& command, MineOptions& options);

}  // namespace lode::app
