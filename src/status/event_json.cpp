#include "status/event_json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace lode::status {
namespace {

using nlohmann::ordered_json;

ordered_json height_of(const Job& job) {
    return job.height < 0 ? ordered_json() : ordered_json(job.height);
}

ordered_json to_json(const event::JobReceived& e) {
    return {{"event", "job"},
            {"id", e.job->id},
            {"height", height_of(*e.job)},
            {"prev", e.job->prev.hex()},
            {"bits", fmt::format("{:08x}", e.job->bits)},
            {"difficulty", e.job->difficulty},
            {"time", e.job->time},
            {"clean", e.job->clean},
            {"network", e.job->network},
            {"source", e.source}};
}
ordered_json to_json(const event::JobStarted& e) {
    return {{"event", "started"}, {"height", height_of(*e.job)}, {"latency_us", e.latency.count()}};
}
ordered_json to_json(const event::BlockResult& e) {
    return {{"event", "block"},
            {"height", height_of(*e.solution.job)},
            {"hash", e.solution.hash.hex()},
            {"result", result_name(e.outcome.status)},
            {"reason", e.outcome.reason},
            {"ms", e.latency.count()},
            {"device", e.solution.device}};
}
ordered_json to_json(const event::ShareResult& e) {
    return {{"event", "share"},
            {"difficulty", e.solution.job->difficulty},
            {"result", result_name(e.outcome.status)},
            {"reason", e.outcome.reason},
            {"ms", e.latency.count()},
            {"hash", e.solution.hash.hex()},
            {"device", e.solution.device}};
}
ordered_json to_json(const event::BlockConfirmed& e) {
    return {{"event", "block_confirmed"},
            {"height", e.height < 0 ? ordered_json() : ordered_json(e.height)},
            {"hash", e.hash.hex()},
            {"by", e.by}};
}
ordered_json to_json(const event::Retarget& e) {
    return {{"event", "retarget"},
            {"height", e.height},
            {"old_bits", fmt::format("{:08x}", e.old_bits)},
            {"new_bits", fmt::format("{:08x}", e.new_bits)},
            {"old_difficulty", e.old_difficulty},
            {"new_difficulty", e.new_difficulty}};
}
ordered_json to_json(const event::Reorganisation& e) {
    return {{"event", "reorg"},
            {"depth", e.depth},
            {"height", e.height},
            {"old_tip", e.old_tip.hex()},
            {"new_tip", e.new_tip.hex()}};
}
ordered_json to_json(const event::Judgement& e) {
    return {{"event", "judgement"}, {"job", e.job->id}, {"verdict", e.verdict}, {"detail", e.detail}};
}
ordered_json to_json(const event::Hashrate& e) {
    ordered_json devices = ordered_json::array();
    for (const auto& d : e.devices) {
        ordered_json device = {{"device", d.device}, {"hashrate", d.rate}};
        const auto reading = [&](const char* key, const std::optional<double>& value) {
            if (value) device[key] = *value;
        };
        reading("temperature_c", d.telemetry.temperature_c);
        reading("power_w", d.telemetry.power_w);
        reading("power_limit_w", d.telemetry.power_limit_w);
        reading("clock_mhz", d.telemetry.clock_mhz);
        reading("fan_percent", d.telemetry.fan_percent);
        devices.push_back(std::move(device));
    }
    return {{"event", "hashrate"}, {"total", e.total}, {"devices", std::move(devices)}};
}
ordered_json to_json(const event::DeviceOpened& e) {
    return {{"event", "device"},
            {"device", e.device},
            {"state", "running"},
            {"name", e.info.name},
            {"kernel", e.info.kernel}};
}
ordered_json to_json(const event::DeviceFailed& e) {
    return {{"event", "device"},
            {"device", e.device},
            {"state", "failed"},
            {"error", e.error.text()},
            {"retry_ms", e.retry_in.count()}};
}
ordered_json to_json(const event::DeviceRetired& e) {
    return {{"event", "device"}, {"device", e.device}, {"state", "retired"}, {"error", e.error.text()}};
}
ordered_json to_json(const event::SourceConnected& e) {
    return {{"event", "source"}, {"source", e.source}, {"state", "connected"}, {"detail", e.detail}};
}
ordered_json to_json(const event::SourceLost& e) {
    return {{"event", "source"},
            {"source", e.source},
            {"state", "lost"},
            {"error", e.error.text()},
            {"retry_ms", e.retry_in ? ordered_json(e.retry_in->count()) : ordered_json()}};
}
ordered_json to_json(const event::SourceSwitched& e) {
    return {{"event", "source"}, {"source", e.to}, {"state", "switched"},
            {"from", e.from},    {"back", e.back}, {"asked", e.asked}};
}

}  // namespace

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

std::optional<ordered_json> event_json(const Event& event) {
    return std::visit(
        [](const auto& e) -> std::optional<ordered_json> {
            if constexpr (std::is_same_v<std::decay_t<decltype(e)>, event::Message>)
                return std::nullopt;
            else
                return to_json(e);
        },
        event);
}

std::string dump(const ordered_json& object) {
    return object.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace lode::status
