// Parses a pool's lines into typed messages, or an Error that names what is wrong. Method names and
// parameters: the Stratum V1 documents of Slush Pool, BIP 310, and the behaviour of pools.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "lode/header.h"
#include "lode/result.h"

namespace lode::source::stratum {

inline constexpr std::size_t kMaxLine = std::size_t{1} << 20;  // bytes; the largest real notify is some 20 kB
inline constexpr std::size_t kMaxBranch =
    32;  // a block's four million weight units hold under 2^17 transactions
inline constexpr std::uint32_t kMaxExtranonce2 = 32;

struct PoolError {
    std::optional<std::int64_t> code;
    std::string text;                         // printable
    [[nodiscard]] std::string shown() const;  // "low difficulty share (23)"
};

struct Extranonce {
    std::vector<std::uint8_t> first;  // extranonce1
    std::uint32_t second_size = 0;    // bytes of extranonce2, 0 to 32
    friend bool operator==(const Extranonce&, const Extranonce&) = default;
};

struct Notify {
    std::string job_id;  // 1 to 128 printable characters
    Hash256 prev;
    std::vector<std::uint8_t> coinbase1, coinbase2;
    std::vector<Hash256> branch;
    std::uint32_t version = 0, bits = 0, time = 0;
    bool clean = false;
    friend bool operator==(const Notify&, const Notify&) = default;
};
struct SetDifficulty {
    double difficulty = 0;  // finite and greater than zero
};
struct SetExtranonce {
    Extranonce extranonce;
};
struct SetVersionMask {
    std::uint32_t mask = 0;
};
struct Reconnect {
    std::string host;              // lower case; empty: the same
    std::uint16_t port = 0;        // 0: the same
    std::chrono::seconds wait{0};  // 0 to 300
};
struct ShowMessage {
    std::string text;  // printable
};
// A request, or a notification if reply_id is empty.
struct Request {
    enum class Kind { GetVersion, Ping, Unknown } kind = Kind::Unknown;
    std::string reply_id;  // as JSON, to be sent back
    std::string method;    // printable
};
struct Response {
    std::optional<std::int64_t> id;  // ours, returned as a number or as a string
    nlohmann::json result;
    std::optional<PoolError> error;
};
// A bare JSON string: some pools send the reason of a disconnect like this.
struct Remark {
    std::string text;  // printable
};

using Message = std::variant<Notify, SetDifficulty, SetExtranonce, SetVersionMask, Reconnect, ShowMessage,
                             Request, Response, Remark>;

// The first JSON object of a line; the whole line if it does not begin with one. Some pools send two on a
// line.
std::string_view first_message(std::string_view text);
Result<Message> parse_line(std::string_view line);

// Parses extranonce1 (hex) and the size of extranonce2, as in subscribe and set_extranonce.
Result<Extranonce> parse_extranonce(const nlohmann::json& first, const nlohmann::json& size);

}  // namespace lode::source::stratum
