#include "app/bench_run.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/bench_check.h"
#include "app/leaving.h"
#include "app/units.h"
#include "lode/engine.h"
#include "lode/loop.h"
#include "lode/sources.h"
#include "util/line_writer.h"
#include "util/log.h"

namespace lode::app {
namespace {

using namespace std::chrono_literals;

constexpr unsigned kShareBits = 24;  // hits that the engine verifies while it measures: one in 16 M hashes
constexpr auto kWarmUp = 1500ms;
constexpr auto kLook = 250ms;

// Gives the engine a device that is open already, so that opening is not part of the measurement.
DeviceEntry opened_entry(const DeviceEntry& entry, std::unique_ptr<Device> device) {
    DeviceEntry open = entry;
    auto held = std::make_shared<std::unique_ptr<Device>>(std::move(device));
    open.open = [held, id = entry.id]() -> OpenedDevice {
        if (*held) return std::move(*held);
        return fail(ErrorKind::Device, "failed during the benchmark", id);
    };
    return open;
}

struct ErrorLog : Observer {
    void on(const Event& event) override {
        if (const auto* failed = std::get_if<event::DeviceFailed>(&event))
            util::error("{}", failed->error.at(failed->device).text());
        if (const auto* retired = std::get_if<event::DeviceRetired>(&event))
            util::error("{}", retired->error.at(retired->device).text());
    }
};

class Bench {
 public:
    Bench(DeviceEntry entry, std::chrono::milliseconds duration, bool progress, const std::atomic<bool>& stop)
        : stop_(stop),
          id_(entry.id),
          duration_(std::chrono::duration<double>(duration).count()),
          progress_(progress),
          source_(make_bench_source(kShareBits, loop_)),
          engine_(loop_.poster(), log_, {std::move(entry)}, EngineOptions{}) {}
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;
    ~Bench() { stop_all(); }

    // Absent: no reading yet, which may take 3 s, or never one.
    [[nodiscard]] std::optional<double> power_w() const {
        return readings_ > 0 ? std::optional(watts_ / readings_) : std::nullopt;
    }

    Result<Totals> run() {
        engine_.start(*source_, [this](std::optional<Error> error) {
            error_ = std::move(error);
            loop_.stop();
        });
        timer_.after(kWarmUp, [this] {
            begin_ = engine_.totals();
            look();
        });
        loop_.run();
        stop_all();
        if (progress_) draw(fmt::format("\r{:<78}\r", ""));
        if (error_) return tl::unexpected(*error_);
        if (end_.hardware_errors > 0)
            return fail(ErrorKind::Device, fmt::format("{} hits did not verify", end_.hardware_errors), id_,
                        "none");
        Totals measured;
        measured.hashes = end_.hashes - begin_.hashes;
        measured.seconds = end_.seconds - begin_.seconds;
        measured.shares_accepted = end_.shares_accepted;
        return measured;
    }

 private:
    void look() {
        end_ = engine_.totals();
        if (const auto power = engine_.snapshot().devices.front().telemetry.power_w) {
            watts_ += *power;
            ++readings_;
        }
        const double done = end_.seconds - begin_.seconds;
        if (done >= duration_ || stop_) return loop_.stop();
        if (progress_ && done > 0)
            draw(fmt::format("\r{:<16} {:>3.0f} %  {:<40}\r", id_, 100 * done / duration_,
                             hashrate_text(static_cast<double>(end_.hashes - begin_.hashes) / done)));
        const auto left = std::chrono::milliseconds(static_cast<std::int64_t>((duration_ - done) * 1000) + 1);
        timer_.after(std::min<std::chrono::milliseconds>(left, kLook), [this] { look(); });
    }
    static void draw(std::string text) {
        util::standard_streams().write(util::Stream::Error, std::move(text));
    }
    void stop_all() {
        source_->stop();
        engine_.stop();
        if (engine_.abandoned()) leave_without_cleanup();
    }

    const std::atomic<bool>& stop_;
    std::string id_;
    double duration_;
    bool progress_;
    Loop loop_;
    Timer timer_{loop_};
    ErrorLog log_;
    std::unique_ptr<WorkSource> source_;
    Engine engine_;
    std::optional<Error> error_;
    Totals begin_, end_;
    double watts_ = 0;  // sum of all readings
    int readings_ = 0;
};

}  // namespace

Result<Measurement> measure(const DeviceEntry& entry, std::chrono::milliseconds duration, bool progress,
                            const std::atomic<bool>& stop) {
    auto opened = entry.open();
    if (!opened) return tl::unexpected(opened.error());
    auto device = std::move(*opened);
    Measurement m;
    m.info = device->info();
    const auto compared = compare_with_portable(*device);
    if (!compared) return tl::unexpected(compared.error());
    if (stop) return m;
    Bench bench(opened_entry(entry, std::move(device)), duration, progress, stop);
    const auto totals = bench.run();
    if (!totals) return tl::unexpected(totals.error());
    m.power_w = bench.power_w();
    m.checked = *compared + totals->shares_accepted;
    m.hashes = totals->hashes;
    m.seconds = totals->seconds;
    return m;
}

}  // namespace lode::app
