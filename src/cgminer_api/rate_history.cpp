#include "cgminer_api/rate_history.h"

namespace lode::cgminer_api {
namespace {

using namespace std::chrono_literals;

MeanRates rates_of(const engine::RateMeter& meter) {
    return {meter.rate(5s), meter.rate(60s), meter.rate(5min), meter.rate(15min)};
}

MeanRates since_start(std::uint64_t hashes, std::chrono::milliseconds uptime) {
    const double rate =
        uptime > 0ms ? static_cast<double>(hashes) / std::chrono::duration<double>(uptime).count() : 0;
    return {rate, rate, rate, rate};
}

}  // namespace

void RateHistory::sample(const Snapshot& snapshot, Clock::time_point now) {
    total_.sample(now, snapshot.hashes);
    devices_.resize(snapshot.devices.size());
    for (std::size_t i = 0; i < devices_.size(); ++i) devices_[i].sample(now, snapshot.devices[i].hashes);
}

void RateHistory::fill(View& view) const {
    const auto& snapshot = view.snapshot;
    const bool measured = total_.rate(kEvery) > 0;
    view.rates = measured ? rates_of(total_) : since_start(snapshot.hashes, snapshot.uptime);
    view.device_rates.clear();
    for (std::size_t i = 0; i < snapshot.devices.size(); ++i)
        view.device_rates.push_back(measured && i < devices_.size()
                                        ? rates_of(devices_[i])
                                        : since_start(snapshot.devices[i].hashes, snapshot.uptime));
}

}  // namespace lode::cgminer_api
