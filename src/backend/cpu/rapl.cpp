#include "backend/cpu/rapl.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>
#include <unistd.h>

namespace lode::backend::cpu {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kMaxGap = 60s;

std::optional<std::uint64_t> number(const fs::path& file) {
    std::ifstream stream(file);
    std::uint64_t value = 0;
    if (!(stream >> value)) return std::nullopt;
    return value;
}

// "intel-rapl:0" with the name "package-0". "intel-rapl:0:0" is a part of it, "intel-rapl-mmio:0" the same
// counter by another way, and "psys" the whole board.
bool is_package(const fs::path& zone) {
    const std::string id = zone.filename().string();
    if (!id.starts_with("intel-rapl:") || std::ranges::count(id, ':') != 1) return false;
    std::ifstream stream(zone / "name");
    std::string name;
    return std::getline(stream, name) && name.starts_with("package");
}

}  // namespace

std::unique_ptr<Rapl> Rapl::open(const std::function<void(const fs::path&)>& refused,
                                 const fs::path& powercap) {
    std::vector<Package> packages;
    std::error_code none;
    for (const auto& zone : fs::directory_iterator(powercap, none)) {
        if (!is_package(zone.path())) continue;
        Package package;
        package.counter = zone.path() / "energy_uj";
        if (::access(package.counter.c_str(), R_OK) != 0 && errno == EACCES) {
            refused(package.counter);
            return nullptr;
        }
        const auto range = number(zone.path() / "max_energy_range_uj");
        if (!range || !number(package.counter)) return nullptr;  // without one package the sum is wrong
        package.range = *range;
        packages.push_back(std::move(package));
    }
    return packages.empty() ? nullptr : std::unique_ptr<Rapl>(new Rapl(std::move(packages)));
}

std::optional<double> Rapl::watts(Clock::time_point now) {
    std::uint64_t spent = 0;  // microjoules
    bool valid = true;
    for (auto& package : packages_) {
        const auto energy = number(package.counter);
        const std::uint64_t before = package.last;
        package.last = energy.value_or(0);
        const bool wrapped = package.last < before;
        if (!energy || (wrapped && before > package.range))
            valid = false;
        else
            spent += wrapped ? package.range - before + package.last : package.last - before;
    }
    const auto since = last_;
    last_ = valid ? std::optional(now) : std::nullopt;
    if (!valid || !since || now <= *since || now - *since > kMaxGap) return std::nullopt;
    return static_cast<double>(spent) / 1e6 / std::chrono::duration<double>(now - *since).count();
}

}  // namespace lode::backend::cpu
