#include "app/mine_options.h"

#include <array>
#include <cmath>
#include <map>

#include "app/commands.h"
#include "app/config_file.h"
#include "app/paths.h"
#include "util/hex.h"

namespace lode::app {
namespace {

constexpr std::array<const char*, 6> kNetworks = {"main",   "testnet3", "testnet4",
                                                  "signet", "regtest",  "local"};

constexpr const char* kExamples = R"(Examples:
  lode mine                                    grow a chain of your own, no network needed
  lode mine --blocks 20                        ... and stop after 20 blocks
  lode mine -o http://127.0.0.1:8332 --rpc-cookie ~/.bitcoin/.cookie --coinbase-addr bc1q...
                                               mine on your own node
  lode mine -o stratum+tcp://pool.example:3333 -u WORKER -p x
                                               mine at a pool; stratum+ssl:// for TLS
  lode mine -o stratum+tcp://a:3333 -o stratum+tcp://b:3333 -u WORKER
                                               b while a does not answer
  lode mine -d cpu:avx2 -t 4                   on four threads, with the AVX2 kernel
  lode mine -c configs/local.json              from a file; its keys are named like the flags)";

void declare_source(CLI::App& c, source::SourceOptions& s, MineOptions& o) {
    c.add_option(
         "-o,--url", o.url_texts,
         "http(s)://[user:pass@]host:port of a node, stratum+tcp://, stratum+ssl:// or host:port of a pool; "
         "several are tried in order")
        ->allow_extra_args(false)
        ->group("Work");
    c.add_option("--network", s.network, "main, testnet3, testnet4, signet, regtest, local")
        ->check(CLI::IsMember(std::vector<std::string>(kNetworks.begin(), kNetworks.end())))
        ->group("Work");
    c.add_option("-r,--retries", s.retries, "attempts after a failed one before giving up; -1: any number")
        ->check(CLI::Range(-1, 1000000))
        ->group("Work");
    c.add_option_function<double>(
         "-R,--retry-pause",
         [&s](double seconds) { s.retry_pause = std::chrono::milliseconds(std::llround(seconds * 1000)); },
         "seconds before the second attempt; doubles up to a minute")
        ->check(CLI::Range(0.01, 3600.0))
        ->group("Work");

    c.add_option("--coinbase-addr", s.coinbase_addr, "address that a found block pays")->group("Node");
    c.add_option("--coinbase-tag", s.coinbase_tag, "text in the coinbase, up to 40 bytes")->group("Node");
    c.add_option("--rpc-user", s.rpc_user, "user, unless in the URL")->group("Node");
    c.add_option("--rpc-password", s.rpc_password, "password, unless in the URL")->group("Node");
    c.add_option("--rpc-cookie", s.rpc_cookie, "the node's .cookie file, read again when the node restarts")
        ->group("Node");

    c.add_option("-u,--user", s.user, "worker name")->group("Pool");
    c.add_option("-p,--pass", s.password, "password")->group("Pool");
    c.add_option("--suggest-diff", s.suggest_difficulty, "share difficulty to ask for")->group("Pool");
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
    c.add_option("--tls-ca", s.tls_ca, "certificate authority (PEM) to trust instead of the system's")
        ->group("Pool");
    c.add_option("--tls-fingerprint", s.tls_fingerprint, "SHA-256 of the only certificate to accept, hex")
        ->group("Pool");
    c.add_flag(
         "--tls-insecure", s.tls_insecure,
         "accept any certificate: whoever sits between can read and change everything, and take the shares")
        ->group("Pool");
    c.add_option("-x,--proxy", s.proxy, "socks5://[user:pass@]host:port; names are resolved there")
        ->group("Pool");
    c.add_flag("-P,--protocol-dump", s.protocol_dump,
               "log every line sent and received, without the password")
        ->group("Pool");

    c.add_option("--peer", s.peers,
                 "host:port of a Bitcoin P2P peer to follow the chain with; may be repeated")
        ->allow_extra_args(false)
        ->group("Chain");
    c.add_option("--listen", s.listen, "[ADDR:]PORT on which to serve the local chain")->group("Chain");
    c.add_option_function<std::string>(
         "--on-bad-job",
         [&s](const std::string& text) {
             using enum source::OnBadJob;
             s.on_bad_job = std::map<std::string, source::OnBadJob>{
                 {"warn", Warn}, {"pause", Pause}, {"failover", Failover}}[text];
         },
         "what to do when a job does not fit the chain: warn, pause, failover")
        ->check(CLI::IsMember({"warn", "pause", "failover"}))
        ->group("Chain");
}

}  // namespace

void declare_mine_options(CLI::App& c, MineOptions& o) {
    declare_source(c, o.source, o);
    c.add_option("-d,--devices", o.devices,
                 "cpu, cpu:avx2, cuda, cuda:0, opencl:0.1, comma-separated; default: all that work")
        ->group("Devices");
    c.add_option("-t,--threads", o.backend.cpu_threads, "CPU threads; default: all")
        ->check(CLI::Range(1u, 4096u))
        ->group("Devices");
    c.add_flag("--retune", o.backend.retune, "tune devices again")->group("Devices");
    c.add_option("--blocks", o.engine.max_blocks, "stop after N accepted blocks")
        ->check(whole_number_above_zero())
        ->group("Limits");
    c.add_option("--shares", o.engine.max_shares, "stop after N accepted shares")
        ->check(whole_number_above_zero())
        ->group("Limits");
    c.add_option("--time-limit", o.time_limit, "stop after S seconds")
        ->check(seconds_above_zero())
        ->group("Limits");
    c.add_option("--data-dir", o.source.data_dir,
                 "where blocks and headers are kept; default: " + default_data_dir());
    c.add_option("-c,--config", o.config, "JSON file with the same options");
    c.add_option_function<std::string>(
         "--format", [&o](const std::string& f) { o.format = f == "json" ? Format::Json : Format::Text; },
         "text, or json: one event a line")
        ->check(CLI::IsMember({"text", "json"}));
    c.add_flag("-v,--verbose", o.verbose, "say more");
    c.add_flag("-q,--quiet", o.quiet, "warnings and errors only on standard error");
    c.footer(kExamples);
}

Result<void> complete_mine_options(CLI::App& command, MineOptions& o) {
    if (!o.config.empty())
        if (auto applied = apply_config_file(command, o.config); !applied) return applied;
    for (const auto& text : o.url_texts) {
        auto url = util::parse_url(text);
        if (!url) return tl::unexpected(url.error().at("-o"));
        o.urls.push_back(std::move(*url));
    }
    for (const auto& peer : o.source.peers)
        if (const auto parsed = util::parse_host_port(peer); !parsed)
            return tl::unexpected(parsed.error().at("--peer"));
    if (o.urls.empty() && !o.source.network.empty() && o.source.network != "local")
        return fail(ErrorKind::Usage, "--network " + o.source.network + " without a URL", {},
                    "-o URL of a node or a pool");
    for (std::string* path : {&o.source.data_dir, &o.source.rpc_cookie, &o.source.tls_ca})
        *path = expand_home(*path);
    if (o.source.data_dir.empty()) o.source.data_dir = default_data_dir();
    return prepare_data_dir(o.source.data_dir);
}

}  // namespace lode::app
