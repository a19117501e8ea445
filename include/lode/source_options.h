// Options of work sources. Each source reads those that concern it; invalid ones are a Usage error of
// make_source().
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lode {

// How outgoing connections are made, to nodes, pools and peers.
struct DialOptions {
    std::string proxy;   // socks5://[user:pass@]host:port, names are resolved by the proxy; empty: none
    std::string tls_ca;  // path of a PEM file of CAs to trust instead of the system's; empty: none
    std::string
        tls_fingerprint;  // SHA-256 of the only certificate to accept, 64 hex digits; empty: any valid one
    bool tls_insecure = false;  // accept any certificate
};

enum class Sv2Channel { Extended, Standard };  // Stratum V2: lode builds the coinbase, or the pool does

enum class OnBadJob { Warn, Pause, Failover };  // what to do when a job does not fit the chain

struct SourceOptions {
    std::string network;  // "main", "testnet4", …; empty: whichever the node or pool is on
    std::vector<std::uint8_t>
        signet_challenge;  // challenge script of a custom signet (BIP 325); empty: the default signet's
    std::string data_dir;  // must exist and be writable
    DialOptions dial;
    // solo
    std::string coinbase_addr;            // address that a block pays; must be of the network
    std::string coinbase_tag = "/lode/";  // up to 40 bytes
    std::string rpc_user, rpc_password;   // unless in the URL
    bool long_poll = true;  // where the node has an RPC thread to spare for it; else its tip is polled
    std::chrono::milliseconds block_interval{0};  // between a block and work on the next; 0: none
    bool poisson = false;                         // the interval is a mean, of exponentially distributed ones
    bool min_difficulty_blocks = false;  // use the 20-minute rule of testnets: nTime past it where that helps
    std::string rpc_cookie;              // path of the node's .cookie file, read again when the node restarts
    // pool
    std::string user, password = "x";
    std::optional<double> suggest_difficulty;
    std::string user_agent;  // that pools are told; empty: lode's name and version
    bool version_rolling = true;
    std::uint32_t version_mask = 0x1fffe000;  // BIP 320; restricted to what the pool allows
    std::optional<std::uint64_t>
        seed;  // determines where the search of a pool's jobs begins; empty: random, so that machines differ
    bool protocol_dump = false;  // log every line or frame sent and received, password removed
    Sv2Channel sv2_channel = Sv2Channel::Extended;
    bool sv2_insecure = false;  // connect without the pool's key if the URL has none
    // the chain that jobs are judged by, or the local chain
    std::vector<std::string> peers;  // host:port of P2P peers
    std::string listen;  // [ADDR:]PORT for inbound P2P peers, local chain only; empty: not listening
    OnBadJob on_bad_job = OnBadJob::Warn;
    // all
    int retries = -1;  // consecutive failed attempts after the first before giving up; -1: no limit
    std::chrono::milliseconds retry_pause{1000};  // first pause; doubles up to 50 s, with jitter
};

}  // namespace lode
