#include "doctor/doctor.h"

#include <memory>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "api/loop.h"
#include "app/chain.h"
#include "app/checks.h"
#include "app/commands.h"
#include "app/flags.h"
#include "app/interrupt.h"
#include "app/network_option.h"
#include "app/paths.h"
#include "util/log.h"
#include "util/url.h"

namespace lode::app {
namespace {

using doctor::Verdict;

constexpr const char* kHelp =
    R"(Connects as a miner would, and says which rules the pool or node keeps: the handshake, jobs and what their
coinbase pays, templates, latency. Each line names where its rule is written. Exit code 5: one was broken.
Examples:
  lode doctor stratum+tcp://pool.example:3333 -u WORKER --expect-addr bc1q... --network main
  lode doctor stratum+tcp://127.0.0.1:3333 -u WORKER --probe --format json
  lode doctor stratum2+tcp://pool.example:3336/KEY -u WORKER --probe
  lode doctor http://127.0.0.1:8332 --rpc-cookie ~/.bitcoin/.cookie --peer 192.0.2.1)";

struct DoctorOptions {
    std::string url, format = "table";
    doctor::Options doctor;
    std::optional<chain::Network> signet;
};

const char* word(Verdict verdict) {
    switch (verdict) {
        case Verdict::Held:
            return "ok";
        case Verdict::Noted:
            return "note";
        case Verdict::Broken:
            break;
    }
    return "BROKEN";
}

void print(const doctor::Report& report, bool as_json) {
    for (const auto& f : report.findings()) {
        if (as_json)
            print_json({{"rule", f.rule},
                        {"verdict", f.verdict == Verdict::Broken ? "broken" : word(f.verdict)},
                        {"seen", f.seen},
                        {"demand", f.demand},
                        {"source", f.source}});
        else
            fmt::print("{:<7}{:<19}{}\n{:26}{} ({})\n", word(f.verdict), f.rule,
                       f.seen.empty() ? "yes" : f.seen, "", f.demand, f.source);
    }
}

Result<bool> run_examination(DoctorOptions& options) {
    auto& source = options.doctor.source;
    if (options.signet) source.signet_challenge = options.signet->signet_challenge;
    source.rpc_cookie = expand_home(source.rpc_cookie);
    source.dial.tls_ca = expand_home(source.dial.tls_ca);
    if (!source.peers.empty()) {
        source.data_dir = source.data_dir.empty() ? default_data_dir() : expand_home(source.data_dir);
        if (const auto made = prepare_data_dir(source.data_dir); !made) return tl::unexpected(made.error());
    }
    const auto url = util::parse_url(options.url);
    if (!url) return tl::unexpected(url.error());
    Loop loop;
    auto examination = doctor::examine(*url, options.doctor, executor_of(loop));
    if (!examination) return tl::unexpected(examination.error());
    Result<bool> held = fail(ErrorKind::Unreachable, "interrupted");
    const Interrupt interrupt([&loop] { loop.stop(); });
    (*examination)->start([&](const Result<const doctor::Report*>& report) {
        if (report) {
            print(**report, options.format == "json");
            held = (*report)->all_held();
        } else {
            held = tl::unexpected(report.error());
        }
        loop.stop();
    });
    loop.run();
    examination->reset();
    loop.drain(std::chrono::milliseconds(500));
    return held;
}

int run_doctor(DoctorOptions& options) {
    const auto held = run_examination(options);
    if (held) return *held ? kDone : kBrokenRules;
    util::error("{}", with_flag(held.error()).text());
    return exit_code(held.error().kind);
}

}  // namespace

void add_doctor(CLI::App& program, Run& run) {
    auto options = std::make_shared<DoctorOptions>();
    auto& o = options->doctor;
    CLI::App* c = program.add_subcommand("doctor", "say which rules a pool or a node keeps");
    c->add_option("url", options->url, "URL of a node or of a pool (Stratum V1 or V2)")->required();
    c->add_option("-u,--user", o.source.user, "worker name; of a node, user");
    c->add_option("-p,--pass", o.source.password, "password");
    c->add_option("--rpc-cookie", o.source.rpc_cookie, "the node's .cookie file");
    c->add_option("--expect-addr", o.expect_addr, "address that a pool's coinbase has to pay");
    c->add_flag("--probe", o.probe,
                "also send what is wrong: unknown methods and messages, shares that miss, come late or "
                "twice, a block without work");
    add_seconds(*c, "--listen", o.listen, "seconds to listen for a pool's jobs (10)", {0.1, 86400});
    add_network_option(*c, o.source.network);
    add_signet_option(*c, o.source.network, options->signet);
    c->add_option("--peer", o.source.peers, "host:port of a Bitcoin P2P peer to hold the work against")
        ->allow_extra_args(false);
    c->add_option("--data-dir", o.source.data_dir, "where headers are kept, with --peer");
    c->add_option("--user-agent", o.source.user_agent, "name that a pool is told instead of lode's");
    c->add_option("--tls-ca", o.source.dial.tls_ca,
                  "certificate authority (PEM) to trust instead of the system's");
    c->add_option("--tls-fingerprint", o.source.dial.tls_fingerprint,
                  "SHA-256 of the only certificate to accept");
    c->add_flag("--tls-insecure", o.source.dial.tls_insecure, "accept any certificate");
    c->add_flag("--sv2-insecure", o.source.sv2_insecure, "examine a pool of Stratum V2 without its key");
    c->add_option("-x,--proxy", o.source.dial.proxy, "socks5://[user:pass@]host:port");
    c->add_option("--format", options->format, "table or json")->check(CLI::IsMember({"table", "json"}));
    refuse_empty_values(*c);
    c->footer(kHelp);
    c->callback([options, &run] { run = [options] { return run_doctor(*options); }; });
}

}  // namespace lode::app
