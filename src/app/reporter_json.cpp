#include <nlohmann/json.hpp>

#include "app/reporter.h"
#include "app/units.h"
#include "status/event_json.h"
#include "util/line_writer.h"
#include "util/log.h"

namespace lode::app {
namespace {

using nlohmann::ordered_json;

util::LogLevel level_of(event::Severity severity) {
    switch (severity) {
        case event::Severity::Debug:
            return util::LogLevel::Debug;
        case event::Severity::Info:
            return util::LogLevel::Info;
        case event::Severity::Warning:
            return util::LogLevel::Warning;
        case event::Severity::Error:
            break;
    }
    return util::LogLevel::Error;
}

// The keys are fixed: programs depend on them (src/README.md, "Machine-readable output").
class JsonReporter final : public Reporter {
 public:
    JsonReporter() { say_dropped_as_json(); }
    void on(const Event& event) override {
        if (const auto* message = std::get_if<event::Message>(&event))
            return util::log_line(level_of(message->severity), message->text);
        if (const auto* received = std::get_if<event::JobReceived>(&event)) bits_ = received->job->bits;
        if (const auto object = status::event_json(event)) print(status::dump(*object));
    }
    void summary(const Totals& t, const Snapshot& snapshot) override {
        const auto expected =
            block_seconds(bits_, t.seconds > 0 ? static_cast<double>(t.hashes) / t.seconds : 0);
        print(
            status::dump({{"event", "summary"},
                          {"blocks", t.blocks},
                          {"blocks_rejected", t.blocks_rejected},
                          {"blocks_found", t.blocks_found},
                          {"blocks_accepted", t.blocks_accepted},
                          {"shares_accepted", t.shares_accepted},
                          {"shares_rejected", t.shares_rejected},
                          {"stale", t.stale},
                          {"unknown", t.unknown},
                          {"hardware_errors", t.hardware_errors},
                          {"jobs_doubted", t.jobs_doubted},
                          {"hashes", t.hashes},
                          {"seconds", t.seconds},
                          {"best_difficulty", snapshot.best_difficulty},
                          {"expected_block_seconds", expected ? ordered_json(*expected) : ordered_json()}}));
    }

 private:
    std::uint32_t bits_ = 0;  // of the last job
};

}  // namespace

void say_dropped_as_json() {
    util::standard_streams().set_dropped_text(util::Stream::Output, [](std::uint64_t lines) {
        return ordered_json{{"event", "dropped"}, {"lines", lines}}.dump() + "\n";
    });
}

std::unique_ptr<Reporter> make_json_reporter() {
    return std::make_unique<JsonReporter>();
}

}  // namespace lode::app
