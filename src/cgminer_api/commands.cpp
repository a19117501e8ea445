#include "cgminer_api/commands.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <optional>

#include <fmt/format.h>

#include "cgminer_api/records.h"
#include "util/hex.h"

namespace lode::cgminer_api {
namespace {

// cgminer's numbers of its messages (api.c, MSG_…); kFixedPools is our own.
enum Code : int {
    kPools = 7,
    kDevices = 9,
    kNoDevices = 10,
    kSummary = 11,
    kUnknownCommand = 14,
    kMissingDevice = 15,
    kVersions = 22,
    kInvalidJson = 23,
    kMissingCommand = 24,
    kMissingPool = 25,
    kInvalidPool = 26,
    kSwitchingPool = 27,
    kConfig = 33,
    kAccessDenied = 45,
    kPrivileged = 46,
    kPoolEnabled = 49,
    kLastPool = 51,
    kDevice = 57,
    kInvalidDevice = 58,
    kDeviceCount = 59,
    kNotify = 60,
    kActivePool = 67,
    kDeviceDetails = 69,
    kStats = 70,
    kMissingCheck = 71,
    kCheck = 72,
    kCoin = 78,
    kAscCount = 104,
    kFixedPools = 1000,
};

Answer report(Code code, std::string message, Section section) {
    return {Severity::Success, code, std::move(message), std::move(section)};
}
Answer failure(Code code, std::string message) {
    return {Severity::Error, code, std::move(message)};
}
Answer access_denied(std::string_view command) {
    return failure(kAccessDenied, fmt::format("Access denied to '{}' command", util::printable(command, 60)));
}

template <typename Make>
std::vector<Record> each(std::size_t count, const View& view, Make make) {
    std::vector<Record> records;
    for (std::size_t i = 0; i < count; ++i) records.push_back(make(view, i));
    return records;
}
std::vector<Record> each_device(const View& view, Record (*make)(const View&, std::size_t)) {
    return each(view.snapshot.devices.size(), view, make);
}

std::optional<std::size_t> index_below(std::size_t end, const std::string& text) {
    std::size_t value = 0;
    const char* const last = text.data() + text.size();
    const auto [stop, code] = std::from_chars(text.data(), last, value);
    if (code != std::errc() || stop != last || value >= end) return std::nullopt;
    return value;
}

Answer version(const Question&) {
    return report(kVersions, "CGMiner versions", {"VERSION", {version_record()}});
}
Answer summary(const Question& q) {
    return report(kSummary, "Summary", {"SUMMARY", {summary_record(q.view)}});
}
Answer config(const Question& q) {
    return report(kConfig, "CGMiner config", {"CONFIG", {config_record(q.view)}});
}
Answer coin(const Question& q) {
    return report(kCoin, "CGMiner coin", {"COIN", {coin_record(q.view)}});
}
Answer pools(const Question& q) {
    const std::size_t count = q.view.accounts.pools.size();
    return report(kPools, fmt::format("{} Pool(s)", count),
                  {"POOLS", each(count, q.view, pool_record), true});
}
Answer devs(const Question& q) {
    const std::size_t count = q.view.snapshot.devices.size();
    if (count == 0) return failure(kNoDevices, "No PGAs");
    return report(kDevices, fmt::format("{} PGA(s)", count),
                  {"DEVS", each_device(q.view, device_record), true});
}
Answer stats(const Question& q) {
    return report(kStats, "CGMiner stats", {"STATS", stats_records(q.view), true});
}
Answer devdetails(const Question& q) {
    return report(kDeviceDetails, "Device Details",
                  {"DEVDETAILS", each_device(q.view, device_details_record), true});
}
Answer notify(const Question& q) {
    return report(kNotify, "Notify", {"NOTIFY", each_device(q.view, notify_record), true});
}
Answer pgacount(const Question& q) {
    return report(kDeviceCount, "PGA count", {"PGAS", {{{"Count", q.view.snapshot.devices.size()}}}});
}
Answer asccount(const Question&) {
    return report(kAscCount, "ASC count", {"ASCS", {{{"Count", 0}}}});
}
Answer pga(const Question& q) {
    const std::size_t count = q.view.snapshot.devices.size();
    if (count == 0) return failure(kNoDevices, "No PGAs");
    if (q.parameter.empty()) return failure(kMissingDevice, "Missing device id parameter");
    const auto index = index_below(count, q.parameter);
    if (!index)
        return failure(kInvalidDevice, fmt::format("Invalid PGA id {} - range is 0 - {}",
                                                   util::printable(q.parameter, 20), count - 1));
    return report(kDevice, fmt::format("PGA{}", *index), {"PGA", {device_record(q.view, *index)}, true});
}
Answer check(const Question& q) {
    if (q.parameter.empty()) return failure(kMissingCheck, "Missing check cmd");
    const Command* command = find_command(q.parameter);
    const bool allowed = command != nullptr && q.rights.allow(command->name, command->privileged);
    const Record record = {{"Exists", command != nullptr ? "Y" : "N"}, {"Access", allowed ? "Y" : "N"}};
    return report(kCheck, "Check command", {"CHECK", {record}});
}

Answer privileged(const Question&) {
    return {Severity::Success, kPrivileged, "Privileged access OK"};
}
Answer quit(const Question&) {
    return {.action = Action::Quit};
}
Answer restart(const Question&) {
    return {.action = Action::Restart};
}

// Pools come from the command line and the configuration: changing them fails, with a reason.
Answer fixed_pools(const Question&) {
    return failure(kFixedPools, "lode takes its pools from its command line and configuration");
}
// answer(index, "0:'URL'") of the pool that the parameter names.
template <typename Found>
Answer with_pool(const Question& q, Found found) {
    if (q.parameter.empty()) return failure(kMissingPool, "Missing pool id parameter");
    const auto index = index_below(q.view.accounts.pools.size(), q.parameter);
    if (!index)
        return failure(kInvalidPool,
                       fmt::format("Invalid pool id {} - range is 0 - {}", util::printable(q.parameter, 20),
                                   q.view.accounts.pools.size() - 1));
    return found(*index, fmt::format("{}:'{}'", *index, q.view.accounts.pools[*index].pool.name));
}
Answer switchpool(const Question& q) {
    return with_pool(q, [&](std::size_t index, const std::string& pool) {
        Answer answer{Severity::Success, kSwitchingPool, "Switching to pool " + pool};
        if (index != q.view.accounts.active_pool) answer.switch_to = index;
        return answer;
    });
}
Answer enablepool(const Question& q) {
    return with_pool(q, [](std::size_t, const std::string& pool) {
        return Answer{Severity::Info, kPoolEnabled, "Pool " + pool + " already enabled"};
    });
}
Answer disablepool(const Question& q) {
    return with_pool(q, [&](std::size_t, const std::string& pool) {
        if (q.view.accounts.pools.size() > 1) return fixed_pools(q);
        return failure(kLastPool, "Cannot disable last active pool " + pool);
    });
}
Answer removepool(const Question& q) {
    return with_pool(q, [&](std::size_t index, const std::string& pool) {
        if (index != q.view.accounts.active_pool) return fixed_pools(q);
        return failure(kActivePool, "Cannot remove active pool " + pool);
    });
}

constexpr std::array kCommands = {
    Command{"version", false, true, version},
    Command{"config", false, true, config},
    Command{"summary", false, true, summary},
    Command{"devs", false, true, devs},
    Command{"edevs", false, true, devs},
    Command{"pools", false, true, pools},
    Command{"stats", false, true, stats},
    Command{"estats", false, true, stats},
    Command{"devdetails", false, true, devdetails},
    Command{"notify", false, true, notify},
    Command{"coin", false, true, coin},
    Command{"pgacount", false, true, pgacount},
    Command{"asccount", false, true, asccount},
    Command{"pga", false, false, pga},
    Command{"check", false, false, check},
    Command{"privileged", true, false, privileged},
    Command{"quit", true, false, quit},
    Command{"restart", true, false, restart},
    Command{"switchpool", true, false, switchpool},
    Command{"enablepool", true, false, enablepool},
    Command{"disablepool", true, false, disablepool},
    Command{"removepool", true, false, removepool},
    Command{"addpool", true, false, fixed_pools},
    Command{"poolpriority", true, false, fixed_pools},
};

Answer run(const std::string& name, const Request& request, const View& view, const Rights& rights) {
    const Command* command = find_command(name);
    if (command == nullptr) return failure(kUnknownCommand, "Invalid command");
    if (!rights.allow(command->name, command->privileged) || (request.joined && !command->joinable))
        return access_denied(name);
    return command->answer({view, rights, request.joined ? std::string() : request.parameter});
}

Answer fault_of(const Request& request) {
    if (request.fault == Request::Fault::InvalidJson) return failure(kInvalidJson, "Invalid JSON");
    if (request.fault == Request::Fault::NoCommand && request.form == Request::Form::Json)
        return failure(kMissingCommand, "Missing JSON 'command'");
    return failure(kUnknownCommand, "Invalid command");
}

}  // namespace

const Command* find_command(std::string_view name) {
    const auto* const found =
        std::ranges::find_if(kCommands, [&](const Command& c) { return name == c.name; });
    return found == kCommands.end() ? nullptr : found;
}

Reply answer(const Request& request, const View& view, const Rights& rights) {
    const std::time_t now = std::time(nullptr);
    if (request.fault != Request::Fault::None) return {encode(request.form, fault_of(request), now)};
    if (request.joined) {
        std::vector<NamedAnswer> answers;
        for (const auto& name : request.commands)
            answers.emplace_back(name, run(name, request, view, rights));
        return {encode_joined(request.form, answers, now)};
    }
    const Answer only = run(request.commands.front(), request, view, rights);
    return {encode(request.form, only, now), only.action, only.switch_to};
}

}  // namespace lode::cgminer_api
