#include <nlohmann/json.hpp>

#include "app/reporter.h"
#include "util/log.h"

namespace lode::app {
namespace {

using nlohmann::ordered_json;

const char* result_name(Outcome::Status status) {
    switch (status) {
        case Outcome::Status::Accepted:
            return "accepted";
        case Outcome::Status::Rejected:
            return "rejected";
        case Outcome::Status::Stale:
            return "stale";
        case Outcome::Status::Unknown:
            break;
    }
    return "unknown";
}

ordered_json height_of(const Job& job) {
    return job.height < 0 ? ordered_json() : ordered_json(job.height);
}

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
    void on(const Event& event) override {
        std::visit([this](const auto& e) { show(e); }, event);
    }
    void summary(const Totals& t) override {
        put({{"event", "summary"},
             {"blocks", t.blocks},
             {"blocks_rejected", t.blocks_rejected},
             {"shares_accepted", t.shares_accepted},
             {"shares_rejected", t.shares_rejected},
             {"stale", t.stale},
             {"unknown", t.unknown},
             {"hardware_errors", t.hardware_errors},
             {"jobs_doubted", t.jobs_doubted},
             {"hashes", t.hashes},
             {"seconds", t.seconds}});
    }

 private:
    void put(const ordered_json& object) {
        print(object.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
    }
    void show(const event::JobReceived& e) {
        put({{"event", "job"},
             {"id", e.job->id},
             {"height", height_of(*e.job)},
             {"prev", e.job->prev.hex()},
             {"bits", fmt::format("{:08x}", e.job->bits)},
             {"difficulty", e.job->difficulty},
             {"time", e.job->time},
             {"clean", e.job->clean},
             {"network", e.job->network},
             {"source", e.source}});
    }
    void show(const event::JobStarted& e) {
        put({{"event", "started"}, {"height", height_of(*e.job)}, {"latency_us", e.latency.count()}});
    }
    void show(const event::BlockResult& e) {
        put({{"event", "block"},
             {"height", height_of(*e.solution.job)},
             {"hash", e.solution.hash.hex()},
             {"result", result_name(e.outcome.status)},
             {"reason", e.outcome.reason},
             {"ms", e.latency.count()},
             {"device", e.solution.device}});
    }
    void show(const event::ShareResult& e) {
        put({{"event", "share"},
             {"difficulty", e.solution.job->difficulty},
             {"result", result_name(e.outcome.status)},
             {"reason", e.outcome.reason},
             {"ms", e.latency.count()},
             {"hash", e.solution.hash.hex()},
             {"device", e.solution.device}});
    }
    void show(const event::Retarget& e) {
        put({{"event", "retarget"},
             {"height", e.height},
             {"old_bits", fmt::format("{:08x}", e.old_bits)},
             {"new_bits", fmt::format("{:08x}", e.new_bits)},
             {"old_difficulty", e.old_difficulty},
             {"new_difficulty", e.new_difficulty}});
    }
    void show(const event::Reorganisation& e) {
        put({{"event", "reorg"},
             {"depth", e.depth},
             {"height", e.height},
             {"old_tip", e.old_tip.hex()},
             {"new_tip", e.new_tip.hex()}});
    }
    void show(const event::Judgement& e) {
        put({{"event", "judgement"}, {"job", e.job->id}, {"verdict", e.verdict}, {"detail", e.detail}});
    }
    void show(const event::Hashrate& e) {
        ordered_json devices = ordered_json::array();
        for (const auto& d : e.devices) {
            ordered_json device = {{"device", d.device}, {"hashrate", d.rate}};
            const auto reading = [&](const char* key, const std::optional<double>& value) {
                if (value) device[key] = *value;
            };
            reading("temperature_c", d.telemetry.temperature_c);
            reading("power_w", d.telemetry.power_w);
            reading("clock_mhz", d.telemetry.clock_mhz);
            reading("fan_percent", d.telemetry.fan_percent);
            devices.push_back(std::move(device));
        }
        put({{"event", "hashrate"}, {"total", e.total}, {"devices", std::move(devices)}});
    }
    void show(const event::Message& e) { util::log_line(level_of(e.severity), e.text); }
};

}  // namespace

std::unique_ptr<Reporter> make_json_reporter() {
    return std::make_unique<JsonReporter>();
}

}  // namespace lode::app
