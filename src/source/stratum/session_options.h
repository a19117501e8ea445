// Options of a session.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace lode::source::stratum {

// Time-outs for a pool.
struct Timeouts {
    std::chrono::milliseconds configure{3'000};   // then the session continues without extensions
    std::chrono::milliseconds handshake{20'000};  // for each answer
    std::chrono::milliseconds first_job{30'000};  // from the end of the handshake
    std::chrono::milliseconds answer{60'000};     // to a share
    std::chrono::milliseconds silence{180'000};   // no message at all
    std::chrono::milliseconds job{900'000};       // no job and no share accepted
};

struct SessionOptions {
    std::string host;  // lower case, as the user gave it: limits redirects
    std::string user, password;
    std::string user_agent;  // empty: lode's name and version
    std::string network;
    std::uint32_t version_mask = 0;  // 0: no version rolling
    std::optional<double> suggest_difficulty;
    bool configure = true;                // false: for pools that disconnect on mining.configure
    std::string resume;                   // id of the previous session
    std::uint64_t first_extranonce2 = 0;  // where the search of every job begins
    std::uint32_t first_nonce = 0;
    Timeouts timeouts;
};

}  // namespace lode::source::stratum
