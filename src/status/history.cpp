#include "status/history.h"

#include <algorithm>

namespace lode::status {
namespace {

constexpr std::chrono::milliseconds kSlack{500};  // samples may be late

}  // namespace

void HistoryWindow::sample(const Snapshot& now, std::uint64_t accepted, std::uint64_t refused) {
    Totals totals{now.uptime, now.hashes, accepted, refused, {}};
    for (std::size_t i = 0; i < std::min(now.devices.size(), History::kMaxDevices); ++i)
        totals.devices.push_back(now.devices[i].hashes);
    if (!last_) {
        last_ = std::move(totals);
        return;
    }
    if (now.uptime - last_->uptime < interval_ - kSlack) return;
    const double seconds = std::chrono::duration<double>(now.uptime - last_->uptime).count();
    const auto rate = [&](std::uint64_t hashes, std::uint64_t before) {
        return static_cast<double>(hashes - before) / seconds;
    };
    HistoryPoint point;
    point.time = std::chrono::duration<double>(now.taken.time_since_epoch()).count();
    point.rate = rate(totals.hashes, last_->hashes);
    for (std::size_t i = 0; i < totals.devices.size(); ++i)
        point.devices.push_back(static_cast<float>(rate(totals.devices[i], last_->devices[i])));
    point.accepted = static_cast<std::uint32_t>(accepted - last_->accepted);
    point.refused = static_cast<std::uint32_t>(refused - last_->refused);
    if (now.source.latency) point.latency_ms = static_cast<float>(now.source.latency->count());
    if (points_.size() >= capacity_) points_.pop_front();
    points_.push_back(std::move(point));
    last_ = std::move(totals);
}

void History::sample(const Snapshot& now, std::uint64_t accepted, std::uint64_t refused) {
    if (devices_.empty())
        for (const auto& device : now.devices)
            if (devices_.size() < kMaxDevices) devices_.push_back(device.id);
    for (auto& window : windows_) window.sample(now, accepted, refused);
}

const HistoryWindow* History::find(std::string_view name) const {
    const auto found = std::ranges::find(windows_, name, &HistoryWindow::name);
    return found == windows_.end() ? nullptr : &*found;
}

}  // namespace lode::status
