#include <csignal>
#include <memory>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "app/commands.h"
#include "app/mine_options.h"
#include "source/failover.h"
#include "source/judged/judged_source.h"
#include "source/registry.h"
#include "util/hex.h"
#include "util/log.h"

namespace lode::app {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

constexpr auto kTick = 5s;           // between hash rates
constexpr auto kLastWords = 500ms;   // for what the source's end still has to do
constexpr auto kAnswersWithin = 3s;  // how long Ctrl-C waits for answers outstanding

util::Url local_url() {
    util::Url url;
    url.scheme = "local";
    return url;
}

using Watches = std::shared_ptr<source::ChainWatches>;

// Jobs from others are held against our own view of the chain; the local chain is that view.
Result<std::unique_ptr<WorkSource>> make_judged_source(const util::Url& url,
                                                       const source::SourceOptions& options,
                                                       const Watches& watches,
                                                       const asio::any_io_executor& executor) {
    auto made = source::make_source(url, options, executor);
    if (!made || url.scheme == "local") return made;
    return source::make_judged(std::move(*made), watches, {.on_bad_job = options.on_bad_job}, executor);
}

// With several sources each child gives up soon, and the failover counts the rounds.
Result<std::unique_ptr<WorkSource>> make_work_source(const MineOptions& o, const Watches& watches,
                                                     const asio::any_io_executor& executor) {
    if (o.urls.size() <= 1)
        return make_judged_source(o.urls.empty() ? local_url() : o.urls.front(), o.source, watches, executor);
    source::SourceOptions child_options = o.source;
    child_options.retries = 0;
    std::vector<source::FailoverChild> children;
    for (const auto& url : o.urls) {
        if (auto probe = source::make_source(url, child_options, executor); !probe)
            return probe;  // its options are wrong
        children.push_back(
            {url.safe(), [=] { return make_judged_source(url, child_options, watches, executor); }});
    }
    return source::make_failover(std::move(children),
                                 {.rounds = o.source.retries, .pause = o.source.retry_pause}, executor);
}

// One run of `lode mine`, on the thread that calls run().
class Mining {
 public:
    Mining(MineOptions options, std::vector<DeviceEntry> devices)
        : options_(std::move(options)),
          devices_(std::move(devices)),
          reporter_(make_reporter(options_.format)) {}

    int run() {
        auto source = make_work_source(options_, watches_, io_.get_executor());
        if (!source) return complain(source.error());
        source_ = std::move(*source);
        engine_.emplace([this](std::function<void()> task) { asio::post(io_, std::move(task)); }, *reporter_,
                        std::move(devices_), options_.engine);
        await_signal();
        tick();
        if (options_.time_limit > 0) {
            limit_.expires_after(
                std::chrono::milliseconds(static_cast<std::int64_t>(options_.time_limit * 1000)));
            limit_.async_wait([this](const auto& cancelled) {
                if (!cancelled) wind_down(std::nullopt);
            });
        }
        engine_->start(*source_, [this](std::optional<Error> error) { wind_down(std::move(error)); });
        io_.run();
        engine_->stop();
        signals_.cancel();
        limit_.cancel();
        io_.restart();
        io_.run_for(kLastWords);
        reporter_->summary(engine_->totals());
        return error_ ? complain(*error_) : kDone;
    }

 private:
    static int complain(const Error& error) {
        util::error("{}", error.text());
        return exit_code(error.kind);
    }

    void await_signal() {
        signals_.async_wait([this](const auto& cancelled, int) {
            if (cancelled) return;
            if (winding_down_) return io_.stop();  // a second Ctrl-C does not wait
            util::info("stopping; again to stop at once");
            wind_down(std::nullopt);
            await_signal();
        });
    }

    void tick() {
        ticker_.expires_after(kTick);
        ticker_.async_wait([this](const auto& cancelled) {
            if (cancelled) return;
            engine_->tick();
            if (reporter_->broken()) return wind_down(reporter_->trouble());
            tick();
        });
    }

    // Devices stop, answers outstanding are waited for, then the source is closed.
    void wind_down(std::optional<Error> error) {
        if (winding_down_) return;
        winding_down_ = true;
        error_ = std::move(error);
        engine_->pause_devices();
        ticker_.cancel();
        deadline_ = std::chrono::steady_clock::now() + kAnswersWithin;
        await_answers();
    }

    void await_answers() {
        if (engine_->outstanding() == 0 || std::chrono::steady_clock::now() >= deadline_) {
            source_->stop();
            watches_->stop();
            io_.stop();
            return;
        }
        limit_.expires_after(20ms);
        limit_.async_wait([this](const auto&) { await_answers(); });
    }

    MineOptions options_;
    std::vector<DeviceEntry> devices_;
    std::unique_ptr<Reporter> reporter_;
    asio::io_context io_{1};
    asio::signal_set signals_{io_, SIGINT, SIGTERM};
    asio::steady_timer ticker_{io_}, limit_{io_};
    std::chrono::steady_clock::time_point deadline_;
    Watches watches_ = std::make_shared<source::ChainWatches>(options_.source, io_.get_executor(),
                                                              [this](const Event& e) { reporter_->on(e); });
    std::unique_ptr<WorkSource> source_;
    std::optional<Engine> engine_;
    std::optional<Error> error_;
    bool winding_down_ = false;
};

// The options stay where the command declared them: a configuration file writes there too.
int run_mine(CLI::App& command, MineOptions& options) {
    if (options.verbose) util::set_log_level(util::LogLevel::Debug);
    if (options.quiet) util::set_log_level(util::LogLevel::Warning);
    std::signal(SIGPIPE, SIG_IGN);  // a closed standard output is seen by the reporter
    options.backend.progress = [](const std::string& line) { util::info("{}", util::printable(line)); };
    std::optional<Error> error;
    if (auto completed = complete_mine_options(command, options); !completed) error = completed.error();
    if (!error) {
        auto devices = backend::select_devices(options.devices, options.backend);
        if (auto* entries = std::get_if<std::vector<DeviceEntry>>(&devices))
            return Mining(std::move(options), std::move(*entries)).run();
        error = std::get<Error>(devices);
    }
    util::error("{}", error->text());
    return exit_code(error->kind);
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
