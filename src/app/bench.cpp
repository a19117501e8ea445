#include <algorithm>
#include <atomic>
#include <memory>
#include <sstream>
#include <string>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/bench_run.h"
#include "app/checks.h"
#include "app/commands.h"
#include "app/cpu_options.h"
#include "app/device_choice.h"
#include "app/interrupt.h"
#include "app/units.h"
#include "util/hex.h"
#include "util/line_writer.h"
#include "util/log.h"

namespace lode::app {
namespace {

struct BenchOptions {
    std::string devices, format = "table";
    DeviceOptions device;
    std::chrono::milliseconds duration{10'000};
};

// GPU kernels have long names, which are not known before the device is open.
int kernel_width(const std::vector<DeviceEntry>& devices) {
    int width = 12;
    for (const auto& device : devices)
        width = std::max(width, device.backend == "cuda" ? 36 : device.backend == "opencl" ? 20 : 12);
    return width;
}

// The way that the progress goes too, so that both keep their order.
void put_line(std::string line) {
    util::standard_streams().write(util::Stream::Output, std::move(line) + "\n");
}

nlohmann::ordered_json or_null(const std::optional<double>& value) {
    return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
}

void print(const Measurement& m, bool json, int kernel_width) {
    if (!json) {
        const auto efficiency = m.hashes_per_joule();
        put_line(fmt::format("{:<12} {:<{}} {:>8} {:>7} {:>14} {:>7} {:>9}  {}", m.info.id, m.info.kernel,
                             kernel_width, m.info.variants, m.info.threads, hashrate_text(m.rate()),
                             efficiency ? fmt::format("{:.2f}", *efficiency / 1e6) : "n/a", m.checked,
                             util::printable(m.info.name)));
    } else {
        const nlohmann::ordered_json object = {{"device", m.info.id},
                                               {"kernel", m.info.kernel},
                                               {"variants", m.info.variants},
                                               {"hashrate", m.rate()},
                                               {"threads", m.info.threads},
                                               {"hashes", m.hashes},
                                               {"seconds", m.seconds},
                                               {"checked", m.checked},
                                               {"name", util::printable(m.info.name)},
                                               {"power_w", or_null(m.power_w)},
                                               {"hashes_per_joule", or_null(m.hashes_per_joule())}};
        put_line(object.dump());
    }
}

// Selects each name separately, so that several kernels of one CPU can be measured, which mining would
// refuse.
Result<std::vector<DeviceEntry>> select_each(const BenchOptions& options) {
    if (options.devices.empty()) return choose_devices({}, options.device);
    std::vector<DeviceEntry> all;
    std::istringstream names(options.devices);
    for (std::string name; std::getline(names, name, ',');) {
        auto selected = choose_devices(name, options.device);
        if (!selected) return tl::unexpected(selected.error());
        for (auto& entry : *selected) all.push_back(std::move(entry));
    }
    return all;
}

// A user who has OpenCL would miss its CPU in the table.
void say_left_aside(const BenchOptions& options) {
    for (const auto& entry : list_devices(options.device))
        if (entry.status == DeviceStatus::Ok && entry.on_request)
            util::info("{} is left aside: it is the CPU, used directly; -d {} measures it", entry.id,
                       entry.id);
}

int run_bench(const BenchOptions& options) {
    auto selected = select_each(options);
    if (!selected) {
        util::error("{}", selected.error().text());
        return exit_code(selected.error().kind);
    }
    if (options.devices.empty()) say_left_aside(options);
    const bool json = options.format == "json";
    const int width = kernel_width(*selected);
    if (!json)
        put_line(fmt::format("{:<12} {:<{}} {:>8} {:>7} {:>14} {:>7} {:>9}  {}", "DEVICE", "KERNEL", width,
                             "VARIANTS", "THREADS", "HASHRATE", "MH/J", "CHECKED", "NAME"));
    std::atomic<bool> stop{false};
    const Interrupt interrupt([&] { stop = true; });
    int code = kDone;
    for (const auto& entry : *selected) {
        if (stop) break;
        auto measured = measure(entry, options.duration, isatty(STDERR_FILENO) == 1, stop);
        if (!measured) {
            util::error("{}", measured.error().at(entry.id).text());
            code = kNoDevice;
            continue;
        }
        if (measured->seconds > 0) print(*measured, json, width);
    }
    return code;
}

}  // namespace

void add_bench(CLI::App& program, Run& run) {
    auto options = std::make_shared<BenchOptions>();
    options->device.gpu_intensity = 1;  // a display may stutter meanwhile
    options->device.progress = [](const std::string& line) { util::info("{}", util::printable(line)); };
    CLI::App* c = program.add_subcommand(
        "bench", "measure the hash rate of devices, with results checked against the portable kernel");
    c->add_option("-d,--devices", options->devices,
                  "cpu, cpu:avx2, cuda, cuda:0, opencl, comma-separated; default: all that work");
    add_cpu_options(*c, options->device, "Options");
    add_seconds(*c, "--duration", options->duration, "seconds per device, without warm-up (10)",
                {0.1, 86400});
    c->add_flag("--retune", options->device.retune, "tune devices again");
    c->add_option("--format", options->format, "table or json")->check(CLI::IsMember({"table", "json"}));
    c->footer(
        "Examples:\n"
        "  lode bench                              every device, 10 s each\n"
        "  lode bench -d cpu:avx2,cpu:sha-ni -t 1  two kernels on one thread\n"
        "  lode bench -d cuda --format json        one JSON object per device");
    c->callback([options, &run] { run = [options] { return run_bench(*options); }; });
}

}  // namespace lode::app
