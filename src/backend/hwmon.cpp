#include "backend/hwmon.h"

#include <fstream>
#include <system_error>

namespace lode::backend {
namespace {

namespace fs = std::filesystem;

// Reads a file with one number, in units of `unit`; nullopt if it is absent, unreadable or invalid.
std::optional<double> number(const fs::path& file, double unit) {
    std::ifstream stream(file);
    double value = 0;
    if (!(stream >> value)) return std::nullopt;
    return value * unit;
}

// The first of two sensors that exists.
std::optional<double> either(const std::optional<double>& one, const std::optional<double>& other) {
    return one ? one : other;
}

fs::path first_child(const fs::path& folder, const std::string& prefix) {
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(folder, failed)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(prefix) && name.find('-') == std::string::npos)
            return entry.path();  // card0-HDMI-A-1
    }
    return {};
}

}  // namespace

Hwmon::Hwmon(fs::path sensors, fs::path card) : sensors_(std::move(sensors)), card_(std::move(card)) {}

std::unique_ptr<Hwmon> Hwmon::open(const std::string& pci, const fs::path& devices) {
    if (pci.empty()) return nullptr;
    fs::path sensors = first_child(devices / pci / "hwmon", "hwmon");
    if (sensors.empty()) return nullptr;
    return std::unique_ptr<Hwmon>(new Hwmon(std::move(sensors), first_child(devices / pci / "drm", "card")));
}

std::optional<double> Hwmon::power(std::chrono::steady_clock::time_point now) {
    const auto shown =
        either(number(sensors_ / "power1_average", 1e-6), number(sensors_ / "power1_input", 1e-6));
    if (shown) return shown;
    const auto joules = number(sensors_ / "energy1_input", 1e-6);
    if (!joules) return std::nullopt;
    const auto before = std::exchange(energy_, std::pair(now, *joules));
    if (!before || now <= before->first || *joules < before->second) return std::nullopt;
    return (*joules - before->second) / std::chrono::duration<double>(now - before->first).count();
}

DeviceTelemetry Hwmon::read(std::chrono::steady_clock::time_point now) {
    DeviceTelemetry telemetry;
    telemetry.temperature_c = number(sensors_ / "temp1_input", 1e-3);
    telemetry.power_w = power(now);
    telemetry.power_limit_w =
        either(number(sensors_ / "power1_cap", 1e-6), number(sensors_ / "power1_max", 1e-6));
    telemetry.clock_mhz = number(sensors_ / "freq1_input", 1e-6);
    if (!telemetry.clock_mhz && !card_.empty()) telemetry.clock_mhz = number(card_ / "gt_act_freq_mhz", 1);
    if (const auto duty = number(sensors_ / "pwm1", 100.0 / 255)) telemetry.fan_percent = duty;
    return telemetry;
}

}  // namespace lode::backend
