#include <algorithm>
#include <cctype>
#include <string>

#include "cgminer_api/fields.h"
#include "cgminer_api/records.h"
#include "util/hex.h"

namespace lode::cgminer_api {
namespace {

const char* status_name(DeviceState state) {
    switch (state) {
        case DeviceState::Opening:
            return "Initialising";
        case DeviceState::Running:
            return "Alive";
        case DeviceState::Failed:
            return "Sick";
        case DeviceState::Retired:
            break;
    }
    return "Dead";
}

// "CUDA", as cgminer names its drivers.
std::string driver_name(const DeviceSnapshot& device) {
    std::string name = device.backend;
    std::ranges::transform(name, name.begin(), [](char c) {
        return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    });
    return name;
}

// Among those of the same driver.
std::size_t number_in_driver(const Snapshot& snapshot, std::size_t index) {
    const auto& devices = snapshot.devices;
    return static_cast<std::size_t>(
        std::count_if(devices.begin(), devices.begin() + static_cast<std::ptrdiff_t>(index),
                      [&](const DeviceSnapshot& other) { return other.backend == devices[index].backend; }));
}

DeviceAccount account_of(const View& view, const std::string& id) {
    const auto found = view.accounts.devices.find(id);
    return found == view.accounts.devices.end() ? DeviceAccount() : found->second;
}

}  // namespace

Record device_record(const View& view, std::size_t index) {
    const Snapshot& s = view.snapshot;
    const DeviceSnapshot& device = s.devices[index];
    const DeviceAccount account = account_of(view, device.id);
    const MeanRates rates = index < view.device_rates.size() ? view.device_rates[index] : MeanRates();
    const auto hashes = static_cast<double>(device.hashes);
    const double work = difficulty_one_shares(device.hashes);
    const auto hardware_errors = static_cast<double>(device.hardware_errors);
    return {{"PGA", index},
            {"Name", driver_name(device)},
            {"ID", number_in_driver(s, index)},
            {"Enabled", yes_no(!s.paused && device.state != DeviceState::Retired)},
            {"Status", status_name(device.state)},
            {"Temperature", rounded(device.telemetry.temperature_c.value_or(0))},
            {"MHS av", mega(ratio(hashes, elapsed_seconds(s)))},
            {"MHS 5s", mega(rates.over_5s)},
            {"MHS 1m", mega(rates.over_1min)},
            {"MHS 5m", mega(rates.over_5min)},
            {"MHS 15m", mega(rates.over_15min)},
            {"Accepted", account.accepted},
            {"Rejected", account.rejected},
            {"Hardware Errors", device.hardware_errors},
            {"Utility", a_minute(static_cast<double>(account.accepted), s)},
            {"Last Share Pool", account.last_pool},
            {"Last Share Time", epoch(account.last_accepted)},
            {"Total MH", mega(hashes)},
            {"Frequency", rounded(device.telemetry.clock_mhz.value_or(0))},
            {"Diff1 Work", whole(work)},
            {"Difficulty Accepted", rounded(account.accepted_difficulty)},
            {"Difficulty Rejected", rounded(account.rejected_difficulty)},
            {"Last Share Difficulty", rounded(account.last_difficulty)},
            {"No Device", device.state == DeviceState::Retired},
            {"Last Valid Work", epoch(account.last_hit)},
            {"Device Hardware%", percent(hardware_errors, hardware_errors + work)},
            {"Device Rejected%", percent(account.rejected_difficulty, work)},
            {"Device Elapsed", whole(elapsed_seconds(s))}};
}

Record device_details_record(const View& view, std::size_t index) {
    const DeviceSnapshot& device = view.snapshot.devices[index];
    return {{"DEVDETAILS", index},
            {"Name", driver_name(device)},
            {"ID", number_in_driver(view.snapshot, index)},
            {"Driver", device.backend},
            {"Kernel", util::printable(device.kernel)},
            {"Model", util::printable(device.name)},
            {"Device Path", device.id}};
}

Record notify_record(const View& view, std::size_t index) {
    const DeviceSnapshot& device = view.snapshot.devices[index];
    const DeviceAccount account = account_of(view, device.id);
    const bool well = device.state == DeviceState::Running;
    return {{"NOTIFY", index},
            {"Name", driver_name(device)},
            {"ID", number_in_driver(view.snapshot, index)},
            {"Last Well", well ? epoch(view.snapshot.taken) : std::int64_t{0}},
            {"Last Not Well", epoch(account.last_failure)},
            {"Reason Not Well", device.error ? util::printable(device.error->text()) : std::string("None")},
            {"*Thread Fail Init", 0},
            {"*Thread Zero Hash", 0},
            {"*Thread Fail Queue", device.failures},
            {"*Dev Sick Idle 60s", 0},
            {"*Dev Dead Idle 600s", 0},
            {"*Dev Nostart", 0},
            {"*Dev Over Heat", 0},
            {"*Dev Thermal Cutoff", 0},
            {"*Dev Comms Error", 0},
            {"*Dev Throttle", 0}};
}

}  // namespace lode::cgminer_api
