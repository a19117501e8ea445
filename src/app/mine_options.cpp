#include "app/mine_options.h"

#include <map>

#include "app/checks.h"
#include "app/color_option.h"
#include "app/config_file.h"
#include "app/cpu_options.h"
#include "app/network_option.h"
#include "app/paths.h"
#include "app/url_credentials.h"
#include "app/variables.h"
#include "util/hex.h"
#include "util/url.h"

namespace lode::app {
namespace {

constexpr const char* kExamples = R"(Examples:
  lode mine                                    grow a chain of your own, no network needed
  lode mine --blocks 20                        ... and stop after 20 blocks
  lode mine -o http://127.0.0.1:8332 --rpc-cookie ~/.bitcoin/.cookie --coinbase-addr bc1q...
                                               mine on your own node
  lode mine -o stratum+tcp://pool.example:3333 -u WORKER -p x
                                               mine at a pool; stratum+ssl:// for TLS
  lode mine -o stratum2+tcp://pool.example:34254/KEY -u WORKER
                                               mine at a pool of Stratum V2, with the key that it publishes
  lode mine -o stratum+tcp://a:3333 -u ALICE -o stratum+tcp://b:3333 -u BOB
                                               b while a does not answer
  lode mine -d cpu:avx2 -t 4                   on four threads, with the AVX2 kernel
  lode mine -c configs/local.json              from a file; its keys are named like the flags)";

// Those of the user. Of the configuration's other strings app/config_read.h.
CLI::Validator with_variables() {
    return CLI::Validator(
        [](std::string& text) {
            auto expanded = expand_variables(text, Expanded::User);
            if (!expanded) return expanded.error().text();
            text = std::move(*expanded);
            return std::string();
        },
        "");
}

void declare_source(CLI::App& c, SourceOptions& s, MineOptions& o) {
    c.add_option(
         "-o,--url", o.urls,
         "http(s)://[user:pass@]host:port of a node, stratum+tcp://, stratum+ssl:// or host:port of a pool, "
         "stratum2+tcp://host:port/KEY of one of Stratum V2, template+tcp://host:port/KEY of a template "
         "provider; "
         "several are tried in order")
        ->allow_extra_args(false)
        ->group("Work");
    add_network_option(c, s.network)->group("Work");
    c.add_option("-r,--retries", s.retries, "attempts after a failed one before giving up; -1: any number")
        ->check(CLI::Range(-1, 1000000))
        ->group("Work");
    add_seconds(c, "-R,--retry-pause", s.retry_pause, "seconds before the second attempt; doubles up to 50 s",
                {0.01, 3600})
        ->group("Work");

    c.add_option("--coinbase-addr", s.coinbase_addr, "address that receives the block reward")->group("Node");
    c.add_option("--coinbase-tag", s.coinbase_tag, "text in the coinbase, up to 40 bytes")->group("Node");
    c.add_option("--rpc-user", s.rpc_user, "user, unless in the URL")->group("Node");
    c.add_option("--rpc-password", s.rpc_password, "password, unless in the URL")->group("Node");
    c.add_option("--rpc-cookie", s.rpc_cookie, "the node's .cookie file, read again when the node restarts")
        ->group("Node");
    c.add_flag("!--no-longpoll", s.long_poll,
               "only poll the node's tip: a long poll occupies one of its RPC threads")
        ->group("Node");

    add_seconds(c, "--block-interval", s.block_interval,
                "seconds between a block and work on the next, for signets and test networks")
        ->group("Node");
    c.add_flag("--min-difficulty-blocks", s.min_difficulty_blocks,
               "on testnets: use the rule that 20 minutes after a block the lowest difficulty is enough")
        ->group("Node");
    c.add_flag("--poisson", s.poisson, "with --block-interval: at random, with that mean")->group("Node");

    c.add_option("-u,--user", s.user,
                 "worker name, or RPC user of a node; given once it applies to every -o, otherwise to the "
                 "one before it; with ${HOSTNAME} and ${VARIABLE}")
        ->transform(with_variables())
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
        ->group("Pool");
    c.add_option("-p,--pass", s.password, "password, likewise")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
        ->group("Pool");
    c.add_option(
         "--user-agent", s.user_agent,
         "name that a pool is told instead of lode's, where it hangs up on names that it does not know")
        ->check(CLI::Validator(
            [](std::string& text) {
                return text.size() <= 100 && util::printable(text) == text
                           ? std::string()
                           : "'" + util::printable(text, 100) + "' is not up to 100 printable characters";
            },
            ""))
        ->group("Pool");
    c.add_option("--suggest-diff", s.suggest_difficulty, "share difficulty to ask for")
        ->check(number_above_zero())
        ->group("Pool");
    c.add_option("--seed", s.seed, "seed for where the search of a pool's jobs begins; default: random")
        ->group("Pool");
    c.add_flag("!--no-version-rolling", s.version_rolling, "do not roll version bits (BIP 320)")
        ->group("Pool");
    c.add_option_function<std::string>(
         "--version-mask",
         [&s](const std::string& text) {
             const auto mask = util::hex_u32(text);
             if (!mask)
                 throw CLI::ValidationError("--version-mask",
                                            "'" + util::printable(text, 20) + "' is not hex");
             s.version_mask = *mask;
         },
         "version bits that may be rolled, hex (1fffe000)")
        ->group("Pool");
    c.add_option("--tls-ca", s.dial.tls_ca, "certificate authority (PEM) to trust instead of the system's")
        ->group("Pool");
    c.add_option("--tls-fingerprint", s.dial.tls_fingerprint,
                 "SHA-256 of the only certificate to accept, hex")
        ->group("Pool");
    c.add_flag("--tls-insecure", s.dial.tls_insecure,
               "accept any certificate: a man in the middle can read and change everything, and steal shares")
        ->group("Pool");
    c.add_option("--sv2-channel", s.sv2_channel,
                 "kind of a Stratum V2 channel: extended, where lode builds the coinbase, or standard")
        ->transform(CLI::CheckedTransformer(std::map<std::string, Sv2Channel>{
            {"extended", Sv2Channel::Extended}, {"standard", Sv2Channel::Standard}}))
        ->group("Pool");
    c.add_flag(
         "--sv2-insecure", s.sv2_insecure,
         "connect without a Stratum V2 pool's key if its URL has none: a man in the middle can read and "
         "change everything, and steal shares")
        ->group("Pool");
    c.add_option("-x,--proxy", s.dial.proxy, "socks5://[user:pass@]host:port; names are resolved there")
        ->group("Pool");
    c.add_flag("-P,--protocol-dump", s.protocol_dump,
               "log every line or frame sent and received, without the password")
        ->group("Pool");

    c.add_option("--peer", s.peers,
                 "host:port of a Bitcoin P2P peer to follow the chain with; may be repeated")
        ->allow_extra_args(false)
        ->group("Chain");
    add_signet_option(c, s.network, o.signet)->group("Chain");
    c.add_option("--listen", s.listen, "[ADDR:]PORT on which to serve the local chain")->group("Chain");
    c.add_option_function<std::string>(
         "--on-bad-job",
         [&s](const std::string& text) {
             using enum OnBadJob;
             s.on_bad_job = std::map<std::string, OnBadJob>{
                 {"warn", Warn}, {"pause", Pause}, {"failover", Failover}}[text];
         },
         "what to do when a job does not fit the chain: warn, pause, failover")
        ->check(CLI::IsMember({"warn", "pause", "failover"}))
        ->group("Chain");
}

void declare_http(CLI::App& c, status::HttpOptions& o) {
    c.add_option(
         "--http", o.listen,
         "[ADDR:]PORT on which to serve a status page, metrics and JSON; ADDR is 127.0.0.1 if not given; "
         "no TLS: that is for a proxy in front")
        ->group("Watching");
    c.add_option("--http-token", o.token,
                 "bearer token for pausing and stopping over HTTP, and for reading from elsewhere")
        ->group("Watching");
    c.add_flag("--http-public", o.open_reading, "let others read without the token")->group("Watching");
    c.add_option("--http-fleet", o.fleet,
                 "file that lists other lodes, a line each: host:port [TOKEN]; the page shows them too")
        ->group("Watching");
}

}  // namespace

void declare_mine_options(CLI::App& c, MineOptions& o) {
    declare_source(c, o.source, o);
    c.add_option("-d,--devices", o.devices,
                 "cpu, cpu:avx2, cuda, cuda:0, opencl:0.1, comma-separated; default: all that work")
        ->group("Devices");
    add_cpu_options(c, o.device, "Devices");
    c.add_flag("--retune", o.device.retune, "tune devices again")->group("Devices");
    c.add_option("--gpu-intensity", o.device.gpu_intensity,
                 "fraction of time that GPUs work; default: 1, or 0.5 with a display attached")
        ->check(number_from_to(0.01, 1))
        ->group("Devices");
    c.add_option("--gpu-temp-limit", o.device.gpu_temperature_limit_c,
                 "pause a GPU above this temperature in °C, until it is 5 °C cooler")
        ->check(number_from_to(30, 120))
        ->group("Devices");
    c.add_option(
         "--api", o.api.listen,
         "[ADDR:]PORT on which to serve cgminer's API, by habit 4028; read only unless --api-allow says more")
        ->group("Watching");
    c.add_option("--api-allow", o.api.allow,
                 "addresses that may use it, as in cgminer: W:127.0.0.1,192.168.0/24; W: may change things")
        ->group("Watching");
    c.add_option("--api-groups", o.api.groups,
                 "further groups of commands for --api-allow: P:switchpool:quit:*")
        ->group("Watching");
    c.add_option("--blocks", o.engine.max_blocks, "stop after N accepted blocks")
        ->check(whole_number_above_zero())
        ->group("Limits");
    c.add_option("--shares", o.engine.max_shares, "stop after N accepted shares")
        ->check(whole_number_above_zero())
        ->group("Limits");
    declare_http(c, o.http);
    add_seconds(c, "--time-limit", o.time_limit, "stop after S seconds")->group("Limits");
    add_seconds(c, "--drain-timeout", o.drain_timeout,
                "seconds to wait, when stopping, for answers to what was submitted; default: 3",
                {0.001, 3600})
        ->group("Limits");
    c.add_option("--data-dir", o.source.data_dir,
                 "where blocks and headers are kept; default: " + default_data_dir());
    c.add_option("-c,--config", o.config, "JSON file with the same options");
    c.add_option_function<std::string>(
         "--format", [&o](const std::string& f) { o.format = f == "json" ? Format::Json : Format::Text; },
         "text, or json: one event per line")
        ->check(CLI::IsMember({"text", "json"}));
    add_color_option(c);
    c.add_flag("-v,--verbose", o.verbose, "say more");
    c.add_flag("-q,--quiet", o.quiet, "warnings and errors only on standard error");
    refuse_empty_values(c);
    c.footer(kExamples);
}

Result<void> complete_mine_options(CLI::App& command, MineOptions& o) {
    if (!o.config.empty())
        if (auto applied = apply_config_file(command, o.config); !applied) return applied;
    if (auto paired = pair_credentials(command, o.urls, o.source.user, o.source.password); !paired)
        return paired;
    if (o.signet) o.source.signet_challenge = o.signet->signet_challenge;
    for (const auto& peer : o.source.peers)
        if (const auto parsed = util::parse_host_port(peer); !parsed)
            return tl::unexpected(parsed.error().at("--peer"));
    if (o.api.listen.empty() && !(o.api.allow.empty() && o.api.groups.empty()))
        return fail(ErrorKind::Usage, "--api-allow and --api-groups need --api", {}, "--api [ADDR:]PORT");
    if (o.http.listen.empty() && !(o.http.token.empty() && o.http.fleet.empty() && !o.http.open_reading))
        return fail(ErrorKind::Usage, "--http-token, --http-public and --http-fleet need --http", {},
                    "--http [ADDR:]PORT");
    if (o.urls.empty() && !o.source.network.empty() && o.source.network != "local")
        return fail(ErrorKind::Usage, "--network " + o.source.network + " without a URL", {},
                    "-o URL of a node or a pool");
    for (std::string* path : {&o.source.data_dir, &o.source.rpc_cookie, &o.source.dial.tls_ca, &o.http.fleet})
        *path = expand_home(*path);
    if (o.source.data_dir.empty()) o.source.data_dir = default_data_dir();
    return {};
}

}  // namespace lode::app
