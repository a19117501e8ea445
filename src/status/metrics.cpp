#include "status/metrics.h"

#include <fmt/format.h>

#include "chain/target.h"
#include "lode/version.h"

namespace lode::status {
namespace {

// One metric with a sample per device.
template <typename Value>
void device_gauge(MetricsText& text, const Snapshot& now, const char* name, const char* help, Value value) {
    text.gauge(name, help);
    for (const auto& device : now.devices)
        if (const std::optional<double> reading = value(device))
            text.sample({{"device", device.id}}, *reading);
}

template <typename Value>
void device_counter(MetricsText& text, const Snapshot& now, const char* name, const char* help, Value value) {
    text.counter(name, help);
    for (const auto& device : now.devices)
        text.sample({{"device", device.id}}, static_cast<double>(value(device)));
}

std::optional<double> times(const std::optional<double>& value, double factor) {
    return value ? std::optional(*value * factor) : std::nullopt;
}

void devices(MetricsText& text, const Snapshot& now) {
    using D = const DeviceSnapshot&;
    device_counter(text, now, "lode_hashes", "Hashes computed.", [](D d) { return d.hashes; });
    device_counter(text, now, "lode_hardware_errors", "Hits that did not verify on the CPU.",
                   [](D d) { return d.hardware_errors; });
    device_counter(text, now, "lode_device_failures", "Times that a device failed.",
                   [](D d) { return d.failures; });
    text.gauge("lode_hashrate_hashes_per_second", "Mean hash rate over a window.");
    for (const auto& device : now.devices) {
        const auto window = [&](const char* name, const std::optional<double>& rate) {
            if (rate) text.sample({{"device", device.id}, {"window", name}}, *rate);
        };
        window("10s", device.rates.over_10s);
        window("60s", device.rates.over_60s);
        window("15m", device.rates.over_15min);
    }
    device_gauge(text, now, "lode_device_running", "1 while the device is open and used.",
                 [](D d) { return d.state == DeviceState::Running ? 1.0 : 0.0; });
    device_gauge(text, now, "lode_device_temperature_celsius", "Temperature of the device.",
                 [](D d) { return d.telemetry.temperature_c; });
    device_gauge(text, now, "lode_device_power_watts", "Power that the device draws.",
                 [](D d) { return d.telemetry.power_w; });
    device_gauge(text, now, "lode_device_hashes_per_joule", "Hashes computed for each joule of energy.",
                 [](D d) { return hashes_per_joule(d); });
    device_gauge(text, now, "lode_device_clock_hertz", "Clock of the device.",
                 [](D d) { return times(d.telemetry.clock_mhz, 1e6); });
    device_gauge(text, now, "lode_device_fan_ratio", "Fan speed, 1 is full.",
                 [](D d) { return times(d.telemetry.fan_percent, 0.01); });
}

void by_source(MetricsText& text, const std::map<std::string, Record::ByResult>& all) {
    for (const auto& [source, counts] : all) {
        const auto result = [&, &name = source](const char* kind, std::uint64_t count) {
            text.sample({{"source", name}, {"result", kind}}, static_cast<double>(count));
        };
        result("accepted", counts.accepted);
        result("rejected", counts.rejected);
        result("stale", counts.stale);
        result("unknown", counts.unknown);
    }
}

void latency(MetricsText& text, const LatencyHistogram& histogram) {
    text.histogram("lode_submit_latency_seconds", "From a submission to its answer.");
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
        count += histogram.counts[i];
        const bool last = i == LatencyHistogram::kBounds.size();
        const std::string bound = last ? "+Inf" : fmt::format("{:#}", LatencyHistogram::kBounds[i]);
        text.sample("_bucket", {{"le", bound}}, static_cast<double>(count));
    }
    text.sample("_sum", {}, histogram.sum);
    text.sample("_count", {}, static_cast<double>(count));
}

void shares(MetricsText& text, const State& state) {
    const Record& record = state.record;
    text.counter("lode_shares", "Answers to shares; stale are also those that were not sent.");
    by_source(text, record.shares_by_source());
    text.counter("lode_blocks", "Answers to blocks that were found here.");
    by_source(text, record.blocks_by_source());
    text.gauge("lode_best_share_difficulty", "Difficulty of the best hash found since the start.");
    text.sample({}, state.snapshot.best_difficulty);
    text.gauge("lode_best_share_difficulty_ever", "The same with earlier sessions.");
    text.sample({}, state.snapshot.best_difficulty_ever);
    if (const auto when = record.last_accepted()) {
        text.gauge("lode_last_share_time_seconds", "When the last share or block was accepted, since 1970.");
        text.sample({}, unix_seconds(*when));
    }
    latency(text, record.latency());
}

void work(MetricsText& text, const State& state) {
    const Snapshot& now = state.snapshot;
    text.gauge("lode_source_connected", "1 while the source in use is connected.");
    text.sample({{"source", now.source.name}}, now.source.connected_since ? 1 : 0);
    if (now.source.difficulty) {
        text.gauge("lode_share_difficulty", "Difficulty that a share has to reach.");
        text.sample({}, *now.source.difficulty);
    }
    if (now.job) {
        text.gauge("lode_network_difficulty", "Difficulty that a block has to reach.");
        text.sample({}, chain::difficulty_of_bits(now.job->bits));
        text.gauge("lode_job_received_time_seconds", "When the current job was received, since 1970.");
        text.sample({}, unix_seconds(now.job->received));
        if (now.job->height > 0) {
            text.gauge("lode_chain_height", "Height of the block that the current job builds on.");
            text.sample({}, static_cast<double>(now.job->height - 1));
        }
    }
    text.counter("lode_judgements", "Judgements of jobs by the chain of headers.");
    for (const auto& [verdict, count] : state.record.judgements())
        text.sample({{"verdict", verdict}}, static_cast<double>(count));
    text.counter("lode_reorganisations", "Times that another branch became the best chain.");
    text.sample({}, static_cast<double>(state.record.chain().reorganisation_count()));
}

}  // namespace

std::string metrics(const State& state, MetricsText::Format format) {
    const Snapshot& now = state.snapshot;
    MetricsText text(format);
    text.gauge("lode_build_info", "What is running; always 1.");
    text.sample({{"version", kVersion}}, 1);
    text.gauge("lode_start_time_seconds", "When mining started, since 1970.");
    text.sample({}, unix_seconds(now.taken - now.uptime));
    text.gauge("lode_ready", "1 while a device scans a fresh job of a connected source.");
    text.sample({}, not_ready(state) ? 0 : 1);
    text.gauge("lode_paused", "1 while mining is paused.");
    text.sample({}, now.paused ? 1 : 0);
    devices(text, now);
    shares(text, state);
    work(text, state);
    text.counter("lode_status_events_dropped", "Events that came faster than they could be recorded.");
    text.sample({}, static_cast<double>(state.events_dropped));
    return text.finish();
}

}  // namespace lode::status
