#include "engine/hashrates.h"

namespace lode::engine {
namespace {

using namespace std::chrono_literals;

}  // namespace

void Hashrates::sample(RateMeter::Clock::time_point now, const std::vector<DeviceReading>& readings) {
    meters_.resize(readings.size());
    event_.devices.clear();
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < readings.size(); ++i) {
        all += readings[i].hashes;
        meters_[i].sample(now, readings[i].hashes);
        event_.devices.push_back({readings[i].id, meters_[i].rate(10s), readings[i].telemetry});
    }
    total_.sample(now, all);
    event_.total = total_.rate(10s);
    event_.total_60s = total_.rate(60s);
    event_.total_15m = total_.rate(15min);
}

HashRates Hashrates::rates(const RateMeter& meter) {
    return {meter.full_rate(10s), meter.full_rate(60s), meter.full_rate(15min)};
}

}  // namespace lode::engine
