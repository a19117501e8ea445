#include <algorithm>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/api_server.h"
#include "app/arguments.h"
#include "app/best_difficulty.h"
#include "app/commands.h"
#include "app/console.h"
#include "app/device_choice.h"
#include "app/device_table.h"
#include "app/flags.h"
#include "app/interrupt.h"
#include "app/keyboard.h"
#include "app/leaving.h"
#include "app/mine_options.h"
#include "app/paths.h"
#include "app/reload.h"
#include "app/service_manager.h"
#include "app/text_line.h"
#include "app/unused_options.h"
#include "lode/engine.h"
#include "lode/loop.h"
#include "lode/sources.h"
#include "status/server.h"
#include "util/hex.h"
#include "util/log.h"
#include "util/output_style.h"

namespace lode::app {
namespace {

using namespace std::chrono_literals;

constexpr auto kTick = 5s;          // between hash rates
constexpr auto kAnswerLook = 20ms;  // between checks for outstanding answers
constexpr auto kDrain = 500ms;      // for connections to close

void apply_log_level(const MineOptions& options) {
    util::set_log_level(options.quiet     ? util::LogLevel::Warning
                        : options.verbose ? util::LogLevel::Debug
                                          : util::LogLevel::Info);
}

std::vector<std::string> arguments_after_mine() {
    auto arguments = program_arguments();
    arguments.erase(arguments.begin(), std::ranges::find(arguments, "mine"));
    if (!arguments.empty()) arguments.erase(arguments.begin());
    return arguments;
}

// A run of `lode mine`, on the thread that calls run(). Uses only the public API, like any program that
// embeds lode.
class Mining {
 public:
    Mining(MineCommand command, std::vector<std::string> arguments)
        : options_(command.options),
          reloader_(std::move(arguments), std::move(command)),
          reporter_(make_reporter(options_.format)),
          best_(options_.source.data_dir) {}
    Mining(const Mining&) = delete;
    Mining& operator=(const Mining&) = delete;
    ~Mining() { stop_all(); }

    Result<void> run() {
        auto source = make_replaceable_source(options_.urls, options_.source, loop_);
        if (!source) return tl::unexpected(source.error());
        limits_->set(options_.device.gpu_intensity, options_.device.gpu_temperature_limit_c);
        options_.device.gpu_limits = limits_;
        auto devices = choose_devices(options_.devices, options_.device);
        if (!devices) return tl::unexpected(devices.error());
        source_ = std::move(*source);
        options_.engine.best_difficulty_before = best_.value();
        engine_.emplace(loop_.poster(), *reporter_, *devices, options_.engine);
        if (auto served = serve(); !served) return served;
        show_devices(*devices);
        Interrupt interrupt(
            [this] {
                util::info("stopping; press Ctrl-C again to stop at once");
                stop_soon();
            },
            reload_on_hang_up());
        listen_to_keys();
        tick();
        limit_time();
        engine_->start(*source_, [this](std::optional<Error> error) { wind_down(std::move(error)); });
        manager_.ready();
        loop_.run();
        stop_all();
        loop_.drain(kDrain);
        const Snapshot last = engine_->snapshot();
        best_.offer(last.best_difficulty_ever);
        reporter_->summary(engine_->totals(), last);
        if (error_) return tl::unexpected(*error_);
        return {};
    }

 private:
    // A port that is taken is an error now, not after hours of mining.
    Result<void> serve() {
        auto api = open_api(
            options_, *engine_, [this] { stop_soon(); },
            [this] {
                restart_on_leaving();
                stop_soon();
            },
            [this](std::size_t to) { static_cast<void>(switch_to(to)); });
        if (!api) return tl::unexpected(api.error());
        api_ = std::move(*api);
        if (options_.http.listen.empty()) return {};
        auto server = status::Server::open(options_.http, *engine_, loop_.poster(),
                                           {.pause = [this] { engine_->pause_devices(); },
                                            .resume = [this] { resume(); },
                                            .stop = [this] { wind_down(std::nullopt); },
                                            .reload = [this] { return reload(); },
                                            .switch_source = [this](auto to) { return switch_to(to); }});
        if (!server) return tl::unexpected(server.error());
        http_ = std::move(*server);
        util::info("status page at {}", http_->url());
        return {};
    }

    // Devices left out are listed only where lode made the choice.
    void show_devices(const std::vector<DeviceEntry>& chosen) const {
        if (options_.format != Format::Text || options_.quiet) return;
        const auto listed = options_.devices.empty() ? list_devices(options_.device) : chosen;
        for (const auto& line : device_table(listed, chosen)) print_line(Color::white, "device", line);
    }

    void listen_to_keys() {
        if (options_.format != Format::Text || !util::is_terminal(util::Stream::Output)) return;
        console_.emplace(
            *engine_, [this] { engine_->pause_devices(); }, [this] { resume(); });
        keyboard_.emplace([this](char key) {
            loop_.post([this, key] {
                if (console_) console_->press(key);
            });
        });
    }

    void resume() {
        if (!winding_down_) engine_->resume_devices();
    }

    // A terminal that closes still ends a lode that has nothing to read again.
    std::function<void()> reload_on_hang_up() {
        if (options_.config.empty()) return nullptr;
        return [this] { static_cast<void>(reload()); };
    }

    // Any thread: the files are read on it, which may take a while.
    Result<void> reload() {
        loop_.post([this] { manager_.reloading(); });
        return change("reloaded", reloader_.read());
    }
    Result<void> switch_to(std::optional<std::size_t> to) {
        return change("switching", reloader_.switch_to(to));
    }

    Result<void> change(const char* what, Result<Reloaded> next) {
        if (!next) util::warn("not {}: {}", what, util::printable(next.error().text(), 400));
        loop_.post([this, what, next] {
            if (next) apply(what, *next);
            manager_.ready();
        });
        return next.map([](const Reloaded&) {});
    }

    void apply(const char* what, const Reloaded& next) {
        if (winding_down_) return;
        util::info("{}: {}", what, next.text);
        options_ = next.options;
        apply_log_level(options_);
        limits_->set(options_.device.gpu_intensity, options_.device.gpu_temperature_limit_c);
        limit_time();
        if (!next.source) return;
        if (const auto replaced = source_->replace(options_.urls, options_.source); !replaced)
            return util::warn("the source stays: {}", with_flag(replaced.error()).text());
        if (api_) api_->set_pools(api_pools(options_, next.first));
    }

    // Counted from the start, also where a reload changes it.
    void limit_time() {
        if (options_.time_limit == 0ms) return limit_.cancel();
        const auto left = options_.time_limit - (std::chrono::steady_clock::now() - began_);
        limit_.after(std::max<Loop::Duration>(left, 0s), [this] { wind_down(std::nullopt); });
    }

    void tick() {
        ticker_.after(kTick, [this] {
            engine_->tick();
            const Snapshot snapshot = engine_->snapshot();
            reporter_->tick(snapshot);
            manager_.tick(snapshot);
            best_.offer(snapshot.best_difficulty_ever);
            if (reporter_->output_gone()) return wind_down(reporter_->output_error());
            tick();
        });
    }

    void stop_soon() {  // any thread
        loop_.post([this] { wind_down(std::nullopt); });
    }

    // Stops the devices, waits for what they still find and for outstanding answers, then ends the loop.
    void wind_down(std::optional<Error> error) {
        if (winding_down_) return;
        winding_down_ = true;
        error_ = std::move(error);
        manager_.stopping();
        keyboard_.reset();
        engine_->pause_devices();
        ticker_.cancel();
        deadline_ = std::chrono::steady_clock::now() + options_.drain_timeout;
        await_answers(false);
    }

    // A last hit may have been posted, and not be submitted yet: nothing is missing if twice nothing is.
    void await_answers(bool seemed_done) {
        const bool done = !engine_->scanning() && engine_->outstanding() == 0;
        if ((done && seemed_done) || std::chrono::steady_clock::now() >= deadline_) return loop_.stop();
        limit_.after(kAnswerLook, [this, done] { await_answers(done); });
    }

    // Both must be stopped before either is destroyed, since they call each other.
    void stop_all() {
        keyboard_.reset();
        if (source_) source_->stop();
        if (!engine_) return;
        engine_->stop();
        close_api(api_, *engine_);
        console_.reset();
        if (engine_->abandoned()) leave_without_cleanup();
    }

    MineOptions options_;  // as they are now
    Reloader reloader_;
    const std::shared_ptr<GpuLimits> limits_ = std::make_shared<GpuLimits>();
    const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::unique_ptr<Reporter> reporter_;
    BestDifficulty best_;
    Loop loop_;
    Timer ticker_{loop_}, limit_{loop_};
    std::chrono::steady_clock::time_point deadline_;
    std::unique_ptr<ReplaceableSource> source_;
    std::optional<Engine> engine_;
    std::unique_ptr<status::Server> http_;      // ends before the engine
    std::unique_ptr<cgminer_api::Server> api_;  // likewise
    ServiceManager manager_;
    std::optional<Console> console_;
    std::optional<Keyboard> keyboard_;
    std::optional<Error> error_;
    bool winding_down_ = false;
};

// The options stay where the command declared them, since the configuration file is also read into them.
int run_mine(CLI::App& command, MineOptions& options) {
    apply_log_level(options);
    std::signal(SIGPIPE, SIG_IGN);  // a closed standard output is detected by the reporter
    options.device.progress = [](const std::string& line) { util::info("{}", util::printable(line)); };
    auto done = complete_mine_options(command, options);
    if (done)
        for (const auto& line : unused_options(command, options.urls)) util::warn("{}", line);
    if (done) done = prepare_data_dir(options.source.data_dir);
    if (done) done = Mining({options, settings_of(command, options)}, arguments_after_mine()).run();
    if (done) return kDone;
    util::error("{}", with_flag(done.error()).text());
    return exit_code(done.error().kind);
}

}  // namespace

void add_mine(CLI::App& program, Run& run) {
    auto options = std::make_shared<MineOptions>();
    CLI::App* command = program.add_subcommand("mine", "mine on a node, at a pool, or on a local chain");
    declare_mine_options(*command, *options);
    command->callback(
        [command, options, &run] { run = [command, options] { return run_mine(*command, *options); }; });
}

}  // namespace lode::app
