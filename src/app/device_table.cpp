#include "app/device_table.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/units.h"
#include "util/hex.h"

namespace lode::app {
namespace {

constexpr std::size_t kDeviceNameWidth = 20, kDeviceReasonWidth = 64;  // characters: a line has 100

bool contains(const std::vector<DeviceEntry>& entries, const std::string& id) {
    return std::ranges::any_of(entries, [&](const DeviceEntry& e) { return e.id == id; });
}

std::string why_not(const DeviceEntry& entry) {
    if (entry.status != DeviceStatus::Ok)
        return shortened(util::printable(entry.reason, 400), kDeviceReasonWidth);
    const std::string name = shortened(util::printable(entry.name), kDeviceNameWidth);
    if (entry.on_request) return name + ": the CPU itself; -d " + entry.id + " takes it";
    return name + ": used through another interface";
}

}  // namespace

std::vector<std::string> device_table(const std::vector<DeviceEntry>& listed,
                                      const std::vector<DeviceEntry>& chosen) {
    std::vector<std::string> lines;
    for (const auto& entry : listed) {
        const bool used = !entry.id.empty() && contains(chosen, entry.id);
        lines.push_back(
            fmt::format("{:<11} {:<4} {}", entry.id.empty() ? entry.backend : entry.id, used ? "yes" : "no",
                        used ? shortened(util::printable(entry.name), kDeviceReasonWidth) : why_not(entry)));
    }
    return lines;
}

}  // namespace lode::app
