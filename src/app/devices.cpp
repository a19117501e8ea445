#include "lode/devices.h"

#include <algorithm>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "util/hex.h"

namespace lode::app {
namespace {

const char* status_name(DeviceStatus status) {
    switch (status) {
        case DeviceStatus::Ok:
            return "ok";
        case DeviceStatus::NoDevice:
            return "no_device";
        case DeviceStatus::NotBuilt:
            return "not_built";
        case DeviceStatus::Failed:
            break;
    }
    return "failed";
}

void print_devices_json(const std::vector<DeviceEntry>& entries) {
    using nlohmann::ordered_json;
    for (const auto& e : entries) {
        const ordered_json object = {{"device", e.id.empty() ? ordered_json() : ordered_json(e.id)},
                                     {"backend", e.backend},
                                     {"name", util::printable(e.name)},
                                     {"status", status_name(e.status)},
                                     {"reason", util::printable(e.reason, 400)}};
        fmt::print("{}\n", object.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
    }
}

void print_table(const std::vector<DeviceEntry>& entries) {
    fmt::print("{:<12} {:<8} {:<10} {}\n", "DEVICE", "BACKEND", "STATUS", "NAME");
    for (const auto& e : entries) {
        std::string text = util::printable(e.name);
        if (!e.reason.empty()) text += (text.empty() ? "" : ": ") + util::printable(e.reason, 400);
        fmt::print("{:<12} {:<8} {:<10} {}\n", e.id.empty() ? "-" : e.id, e.backend, status_name(e.status),
                   text);
    }
}

}  // namespace

void add_devices(CLI::App& program, Run& run) {
    struct Options {
        std::string format = "table";
        DeviceOptions device;
    };
    auto options = std::make_shared<Options>();
    CLI::App* command = program.add_subcommand("devices", "list the devices, and why a backend has none");
    command->add_option("--format", options->format, "table or json")
        ->check(CLI::IsMember({"table", "json"}));
    command->add_option("-t,--threads", options->device.cpu_threads, "CPU threads; 0, the default: all")
        ->check(CLI::Range(0u, 4096u));
    command->callback([options, &run] {
        run = [options] {
            const auto entries = list_devices(options->device);
            options->format == "json" ? print_devices_json(entries) : print_table(entries);
            const bool any =
                std::ranges::any_of(entries, [](const auto& e) { return e.status == DeviceStatus::Ok; });
            return any ? kDone : kNoDevice;
        };
    });
}

}  // namespace lode::app
