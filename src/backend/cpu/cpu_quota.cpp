#include "backend/cpu/cpu_quota.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

namespace lode::backend::cpu {
namespace {

namespace fs = std::filesystem;

std::optional<double> ratio(double quota, double period) {
    if (!(quota > 0) || !(period > 0)) return std::nullopt;
    return quota / period;
}

// "150000 100000", or "max 100000" without a limit.
std::optional<double> limit_v2(const fs::path& group) {
    std::ifstream file(group / "cpu.max");
    double quota = 0, period = 0;
    if (!(file >> quota >> period)) return std::nullopt;
    return ratio(quota, period);
}

// -1 without a limit.
std::optional<double> limit_v1(const fs::path& group) {
    std::ifstream quota_file(group / "cpu.cfs_quota_us"), period_file(group / "cpu.cfs_period_us");
    double quota = 0, period = 0;
    if (!(quota_file >> quota) || !(period_file >> period)) return std::nullopt;
    return ratio(quota, period);
}

using Limit = std::optional<double> (*)(const fs::path& group);

// Of a group and of all above it. Inside a container the path may be the host's while only the container's
// group is mounted: directories that are not there are passed over.
void lower_to(std::optional<double>& lowest, Limit limit, const fs::path& mounted, fs::path group) {
    for (;; group = group.parent_path()) {
        if (const auto found = limit(mounted / group)) lowest = std::min(lowest.value_or(*found), *found);
        if (group.empty()) return;
    }
}

bool has_cpu(const std::string& controllers) {
    std::istringstream names(controllers);
    for (std::string name; std::getline(names, name, ',');)
        if (name == "cpu") return true;
    return false;
}

}  // namespace

std::optional<double> cpu_quota(const fs::path& self, const fs::path& mounted) {
    std::optional<double> lowest;
    std::ifstream groups(self);
    // "0::/GROUP" of v2; "4:cpu,cpuacct:/GROUP" of v1, which is mounted under a directory of that name.
    for (std::string line; std::getline(groups, line);) {
        const std::size_t first = line.find(':'), second = line.find(':', first + 1);
        if (second == std::string::npos) continue;
        const std::string controllers = line.substr(first + 1, second - first - 1);
        const fs::path group = fs::path(line.substr(second + 1)).relative_path();
        if (controllers.empty())
            lower_to(lowest, limit_v2, mounted, group);
        else if (has_cpu(controllers))
            for (const char* name : {"cpu", "cpu,cpuacct"}) lower_to(lowest, limit_v1, mounted / name, group);
    }
    return lowest;
}

}  // namespace lode::backend::cpu
