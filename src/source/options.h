// What the command line and the configuration say about sources. Each source reads what concerns it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lode::source {

enum class OnBadJob { Warn, Pause, Failover };  // --on-bad-job: what a bad judgement on a job leads to

struct SourceOptions {
    std::string network;   // --network; empty: not given
    std::string data_dir;  // exists and is writable
    // solo
    std::string coinbase_addr;  // --coinbase-addr
    std::string coinbase_tag = "/lode/";
    std::string rpc_user, rpc_password, rpc_cookie;
    // pool
    std::string user, password = "x";
    std::optional<double> suggest_difficulty;
    bool version_rolling = true;
    std::uint32_t version_mask = 0x1fffe000;  // BIP 320; narrowed by what the pool allows
    std::string tls_ca, tls_fingerprint;
    bool tls_insecure = false;
    std::string proxy;  // socks5://[user:pass@]host:port
    bool protocol_dump = false;
    // peers of the chain tracker
    std::vector<std::string> peers;  // --peer host:port, each checked with util::parse_host_port
    std::string listen;              // --listen [ADDR:]PORT, the local chain only; empty: not listening
    OnBadJob on_bad_job = OnBadJob::Warn;
    // both
    int retries = -1;  // attempts after the first that fail in a row before giving up; -1: any
    std::chrono::milliseconds retry_pause{1000};  // first pause; doubles up to a minute, with jitter
    // replaying recorded work (tests)
    std::uint64_t first_roll = 0;
    std::uint32_t first_nonce = 0;
};

}  // namespace lode::source
