#include "app/foreign_flags.h"

#include <algorithm>
#include <array>

namespace lode::app {
namespace {

struct Foreign {
    std::string_view name;  // without dashes
    std::string_view advice;
};

constexpr std::string_view kOnlySha256d = "not needed: lode mines SHA-256d only";
constexpr std::string_view kTuned =
    "not needed: devices are tuned automatically; --gpu-intensity lowers their load";
constexpr std::string_view kDevices = "write -d DEVICES, with the names that 'lode devices' shows";
constexpr std::string_view kInOrder = "not needed: several -o are tried in order";
constexpr std::string_view kNoLimit = "not needed: requests are repeated automatically";
constexpr std::string_view kService = "not supported: use nohup, a systemd unit or a terminal multiplexer";
constexpr std::string_view kTls = "write the URL as stratum+ssl://host:port";
constexpr std::string_view kLog = "not supported: redirect standard error (2> FILE)";
constexpr std::string_view kVerbose = "write -v";
constexpr std::string_view kColors = "write --color never";
constexpr std::string_view kFees = "not needed: nothing is donated";
constexpr std::string_view kTemperature = "write --gpu-temp-limit C";
constexpr std::string_view kTag = "write --coinbase-tag TEXT";
constexpr std::string_view kAddress = "write --coinbase-addr ADDR";
constexpr std::string_view kApi = "write --api [ADDR:]PORT, for cgminer's API";
constexpr std::string_view kHttp = "write --http [ADDR:]PORT, which also answers as XMRig does";
constexpr std::string_view kSetByOthers = "not supported: set it with the driver's own tool";

// From the help texts of cgminer 4.10, cpuminer 2.5 and cpuminer-opt, ccminer 2.3 and xmrig 6; short ones if
// they mean the same in all.
constexpr std::array kForeign = std::to_array<Foreign>({
    {"a", kOnlySha256d},
    {"algo", kOnlySha256d},
    {"coin", kOnlySha256d},
    {"O", "write -u USER -p PASS"},
    {"userpass", "write -u USER -p PASS"},
    {"benchmark", "write 'lode bench'"},
    {"bench", "write 'lode bench'"},
    {"stress", "write 'lode bench'"},
    {"n", "write 'lode devices'"},
    {"ndevs", "write 'lode devices'"},
    {"device", kDevices},
    {"gpu-platform", kDevices},
    {"no-cpu", kDevices},
    {"cpu", kDevices},
    {"cuda", kDevices},
    {"opencl", kDevices},
    {"cuda-devices", kDevices},
    {"opencl-devices", kDevices},
    {"remove-disabled", kDevices},
    {"cpu-max-threads-hint", "write -t THREADS"},
    {"intensity", kTuned},
    {"xintensity", kTuned},
    {"rawintensity", kTuned},
    {"I", kTuned},
    {"i", kTuned},
    {"worksize", kTuned},
    {"vectors", kTuned},
    {"kernel", kTuned},
    {"kernel-path", kTuned},
    {"gpu-threads", kTuned},
    {"gpu-dyninterval", kTuned},
    {"launch-config", kTuned},
    {"asm", kTuned},
    {"randomx", kOnlySha256d},
    {"gpu-engine", kSetByOthers},
    {"gpu-memclock", kSetByOthers},
    {"gpu-powertune", kSetByOthers},
    {"gpu-fan", kSetByOthers},
    {"gpu-vddc", kSetByOthers},
    {"auto-gpu", kSetByOthers},
    {"auto-fan", kSetByOthers},
    {"gpu-clock", kSetByOthers},
    {"mem-clock", kSetByOthers},
    {"plimit", kSetByOthers},
    {"temp-cutoff", kTemperature},
    {"temp-overheat", kTemperature},
    {"temp-target", kTemperature},
    {"max-temp", kTemperature},
    {"btc-address", kAddress},
    {"btc-sig", kTag},
    {"coinbase-sig", kTag},
    {"fix-protocol", "not needed: the URL's scheme names the protocol"},
    {"no-gbt", "not needed: the URL's scheme names the protocol"},
    {"no-getwork", "not needed: the URL's scheme names the protocol"},
    {"no-stratum", "not needed: the URL's scheme names the protocol"},
    {"gbt-only", "not needed: the URL's scheme names the protocol"},
    {"daemon", "write the node's URL as http://host:port"},
    {"failover-only", kInOrder},
    {"load-balance", kInOrder},
    {"balance", kInOrder},
    {"round-robin", kInOrder},
    {"rotate", kInOrder},
    {"quota", kInOrder},
    {"no-pool-disable", kInOrder},
    {"fallback-time", kInOrder},
    {"failover-switch-delay", kInOrder},
    {"cert", "write --tls-ca FILE"},
    {"tls", kTls},
    {"no-extranonce", "not needed: new extranonces are always accepted"},
    {"no-redirect", "not needed: redirections are followed within the pool's domain only"},
    {"nicehash", "not needed: an extranonce of any length is accepted"},
    {"suggest-difficulty", "write --suggest-diff D"},
    {"rig-id", "write it into the worker name: -u USER.RIG"},
    {"scantime", kNoLimit},
    {"scan-time", kNoLimit},
    {"s", kNoLimit},
    {"queue", kNoLimit},
    {"Q", kNoLimit},
    {"expiry", kNoLimit},
    {"E", kNoLimit},
    {"timeout", kNoLimit},
    {"keepalive", kNoLimit},
    {"net-delay", kNoLimit},
    {"lowmem", kNoLimit},
    {"retry-delay", "write -R SECONDS"},
    {"background", kService},
    {"sched-start", "not supported: use cron or a systemd timer"},
    {"sched-stop", "not supported: use cron or a systemd timer, or --time-limit S"},
    {"syslog", kLog},
    {"S", kLog},
    {"log-file", kLog},
    {"debug", kVerbose},
    {"D", kVerbose},
    {"no-color", kColors},
    {"colors", "not needed: --color auto is the default"},
    {"text-only", kColors},
    {"title", "not supported: the terminal's title is left alone"},
    {"real-quiet", "write -q"},
    {"cpu-no-yield", "not needed: threads do not yield; --cpu-priority 0 lets everything else run first"},
    {"huge-pages", kOnlySha256d},
    {"hugepages-jit", kOnlySha256d},
    {"donate-level", kFees},
    {"donate-over-proxy", kFees},
    {"api", kHttp},
    {"api-listen", kApi},
    {"api-bind", kApi},
    {"api-port", kApi},
    {"api-network", kApi},
    {"api-mcast", "not supported: --api answers on one address"},
    {"api-description", "not supported: --api answers on one address"},
    {"http", kHttp},
    {"http-host", kHttp},
    {"http-port", kHttp},
    {"b", kApi},
    {"print-time", "not needed: the rate is printed once a minute"},
    {"log", "not needed: the rate is printed once a minute"},
    {"hashmeter", "not needed: the rate is printed once a minute"},
    {"health-print-time", "not needed: temperatures are printed with the speed"},
    {"autosave", "not supported: a configuration file is never written"},
    {"watch", "not needed: SIGHUP reads the file again"},
    {"pause-on-battery", kService},
    {"pause-on-active", kService},
    {"dns", "not needed: names are resolved by the system"},
    {"dmi", "not needed: no hardware information is read"},
});

}  // namespace

std::string_view advice_on(std::string_view typed) {
    const bool short_flag = typed.size() >= 2 && typed[0] == '-' && typed[1] != '-';
    typed.remove_prefix(std::min(typed.find_first_not_of('-'), typed.size()));
    const auto find = [](std::string_view name) {
        const auto* row = std::ranges::find(kForeign, name, &Foreign::name);
        return row == kForeign.end() ? std::string_view() : row->advice;
    };
    if (const auto advice = find(typed); !advice.empty()) return advice;
    return short_flag ? find(typed.substr(0, 1)) : std::string_view();
}

}  // namespace lode::app
