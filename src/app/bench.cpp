#include <algorithm>
#include <cstdio>
#include <memory>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/bench_check.h"
#include "app/commands.h"
#include "app/units.h"
#include "backend/registry.h"
#include "lode/engine.h"
#include "source/bench/bench_source.h"
#include "util/hex.h"
#include "util/log.h"

namespace lode::app {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

constexpr unsigned kShareBits = 24;  // hits that the engine verifies while it measures: one in 16 M hashes
constexpr auto kWarmUp = 1500ms;

struct BenchOptions {
    std::string devices, format = "table";
    backend::BackendOptions backend;
    double duration = 10;
};

struct Measurement {
    DeviceInfo info;
    std::uint64_t hashes = 0, checked = 0;
    double seconds = 0;
    [[nodiscard]] double rate() const { return seconds > 0 ? static_cast<double>(hashes) / seconds : 0; }
};

// Hands the engine a device that is open already, so that opening is not part of the measurement.
DeviceEntry opened_entry(const DeviceEntry& entry, std::unique_ptr<Device> device) {
    DeviceEntry open = entry;
    auto held = std::make_shared<std::unique_ptr<Device>>(std::move(device));
    open.open = [held, id = entry.id]() -> OpenedDevice {
        if (*held) return std::move(*held);
        return Error{ErrorKind::Device, "failed during the benchmark", id, {}};
    };
    return open;
}

struct Quiet : Observer {
    void on(const Event& event) override {
        if (const auto* message = std::get_if<event::Message>(&event);
            message != nullptr && message->severity == event::Severity::Error)
            util::error("{}", message->text);
    }
};

// The whole way: runner, scans, verification; only the source is artificial.
class Bench {
 public:
    Bench(DeviceEntry entry, double duration, bool progress)
        : id_(entry.id),
          duration_(duration),
          progress_(progress),
          source_(source::make_bench_source(kShareBits)) {
        std::vector<DeviceEntry> one;
        one.push_back(std::move(entry));
        engine_.emplace([this](std::function<void()> task) { asio::post(io_, std::move(task)); }, quiet_,
                        std::move(one), EngineOptions{});
    }

    std::variant<Totals, Error> run() {
        engine_->start(*source_, [this](std::optional<Error> error) {
            error_ = std::move(error);
            io_.stop();
        });
        after(kWarmUp, [this] {
            begin_ = engine_->totals();
            step();
        });
        io_.run();
        engine_->stop();
        if (progress_) fmt::print(stderr, "\r{:<78}\r", "");
        if (error_) return *error_;
        if (end_.hardware_errors > 0)
            return Error{ErrorKind::Device, fmt::format("{} hits did not verify", end_.hardware_errors), id_,
                         "none"};
        Totals measured;
        measured.hashes = end_.hashes - begin_.hashes;
        measured.seconds = end_.seconds - begin_.seconds;
        measured.shares_accepted = end_.shares_accepted;
        return measured;
    }

 private:
    template <typename Task>
    void after(std::chrono::milliseconds time, Task task) {
        timer_.expires_after(time);
        timer_.async_wait([task](const auto& cancelled) {
            if (!cancelled) task();
        });
    }
    void step() {
        end_ = engine_->totals();
        const double done = end_.seconds - begin_.seconds;
        if (done >= duration_) return io_.stop();
        if (progress_ && done > 0)
            fmt::print(stderr, "\r{:<16} {:>3.0f} %  {:<40}\r", id_, 100 * done / duration_,
                       hashrate_text(static_cast<double>(end_.hashes - begin_.hashes) / done));
        const auto left = std::chrono::milliseconds(static_cast<std::int64_t>((duration_ - done) * 1000) + 1);
        after(std::min<std::chrono::milliseconds>(left, 250ms), [this] { step(); });
    }

    std::string id_;
    double duration_;
    bool progress_;
    asio::io_context io_{1};
    asio::steady_timer timer_{io_};
    Quiet quiet_;
    std::unique_ptr<WorkSource> source_;
    std::optional<Engine> engine_;
    std::optional<Error> error_;
    Totals begin_, end_;
};

std::variant<Measurement, Error> measure(const DeviceEntry& entry, double duration, bool progress) {
    auto opened = entry.open();
    if (auto* error = std::get_if<Error>(&opened)) return *error;
    auto device = std::move(std::get<std::unique_ptr<Device>>(opened));
    Measurement m;
    m.info = device->info();
    auto checked = compare_with_portable(*device);
    if (auto* error = std::get_if<Error>(&checked)) return *error;
    auto measured = Bench(opened_entry(entry, std::move(device)), duration, progress).run();
    if (auto* error = std::get_if<Error>(&measured)) return *error;
    const auto& totals = std::get<Totals>(measured);
    m.checked = std::get<std::uint64_t>(checked) + totals.shares_accepted;
    m.hashes = totals.hashes;
    m.seconds = totals.seconds;
    return m;
}

// GPUs' kernels have long names, and none is known before its device is open.
int kernel_width(const std::vector<DeviceEntry>& devices) {
    int width = 12;
    for (const auto& device : devices)
        width = std::max(width, device.backend == "cuda" ? 36 : device.backend == "opencl" ? 20 : 12);
    return width;
}

void print(const Measurement& m, bool json, int kernel_width) {
    if (!json) {
        fmt::print("{:<12} {:<{}} {:>8} {:>7} {:>14} {:>9}  {}\n", m.info.id, m.info.kernel, kernel_width,
                   m.info.variants, m.info.threads, hashrate_text(m.rate()), m.checked,
                   util::printable(m.info.name));
    } else {
        const nlohmann::ordered_json object = {
            {"device", m.info.id},  {"kernel", m.info.kernel},   {"variants", m.info.variants},
            {"hashrate", m.rate()}, {"threads", m.info.threads}, {"hashes", m.hashes},
            {"seconds", m.seconds}, {"checked", m.checked},      {"name", util::printable(m.info.name)}};
        fmt::print("{}\n", object.dump());
    }
    std::fflush(stdout);
}

// Each name on its own: to measure two kernels of one CPU is what a benchmark is for, though mining would
// refuse it.
std::variant<std::vector<DeviceEntry>, Error> select_each(const BenchOptions& options) {
    if (options.devices.empty()) return backend::select_devices({}, options.backend);
    std::vector<DeviceEntry> all;
    for (const auto& name : CLI::detail::split(options.devices, ',')) {
        auto selected = backend::select_devices(name, options.backend);
        if (auto* error = std::get_if<Error>(&selected)) return *error;
        for (auto& entry : std::get<std::vector<DeviceEntry>>(selected)) all.push_back(std::move(entry));
    }
    return all;
}

int run_bench(const BenchOptions& options) {
    auto selected = select_each(options);
    if (const auto* error = std::get_if<Error>(&selected)) {
        util::error("{}", error->text());
        return exit_code(error->kind);
    }
    const bool json = options.format == "json";
    const int width = kernel_width(std::get<std::vector<DeviceEntry>>(selected));
    if (!json)
        fmt::print("{:<12} {:<{}} {:>8} {:>7} {:>14} {:>9}  {}\n", "DEVICE", "KERNEL", width, "VARIANTS",
                   "THREADS", "HASHRATE", "CHECKED", "NAME");
    std::fflush(stdout);
    int code = kDone;
    for (const auto& entry : std::get<std::vector<DeviceEntry>>(selected)) {
        auto measured = measure(entry, options.duration, isatty(STDERR_FILENO) == 1);
        if (const auto* error = std::get_if<Error>(&measured)) {
            util::error("{}", error->at(entry.id).text());
            code = kNoDevice;
            continue;
        }
        print(std::get<Measurement>(measured), json, width);
    }
    return code;
}

}  // namespace

void add_bench(CLI::App& program, Run& run) {
    auto options = std::make_shared<BenchOptions>();
    options->backend.progress = [](const std::string& line) { util::info("{}", util::printable(line)); };
    CLI::App* c = program.add_subcommand(
        "bench", "measure devices: hashes a second, checked against the portable kernel");
    c->add_option("-d,--devices", options->devices,
                  "cpu, cpu:avx2, cuda, cuda:0, opencl, comma-separated; default: all that work");
    c->add_option("-t,--threads", options->backend.cpu_threads, "CPU threads; default: all")
        ->check(CLI::Range(1u, 4096u));
    c->add_option("--duration", options->duration, "seconds a device, without warm-up (10)")
        ->check(CLI::Range(0.1, 86400.0));
    c->add_flag("--retune", options->backend.retune, "tune devices again");
    c->add_option("--format", options->format, "table or json")->check(CLI::IsMember({"table", "json"}));
    c->footer(
        "Examples:\n"
        "  lode bench                              every device, 10 s each\n"
        "  lode bench -d cpu:avx2,cpu:sha-ni -t 1  two kernels on one thread\n"
        "  lode bench -d cuda --format json        one JSON object a device");
    c->callback([options, &run] { run = [options] { return run_bench(*options); }; });
}

}  // namespace lode::app
