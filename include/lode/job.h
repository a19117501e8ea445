// Work: an immutable Job, its SearchSpace, and the ranges that devices claim from it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lode/header.h"
#include "lode/uint256.h"

namespace lode {

// One atomic cursor over (roll, nonce), the nonce counting up from zero within each roll. Thread-safe.
class SearchSpace {
 public:
    struct Claim {
        std::uint64_t roll = 0;
        std::uint32_t first = 0;  // nonces first to first + count - 1, all within one roll
        std::uint64_t count = 0;  // 1 to 2^32
    };
    static constexpr std::uint64_t kMaxRolls = std::uint64_t{1} << 31;

    // rolls: how many there are, 1 to kMaxRolls (more are cut). The start is for replaying recorded work.
    explicit SearchSpace(std::uint64_t rolls = 1, std::uint64_t first_roll = 0,
                         std::uint32_t first_nonce = 0);

    // Up to count nonces that nobody else was given; fewer at the end of a roll; nothing when all is
    // searched.
    [[nodiscard]] std::optional<Claim> claim(std::uint64_t count);
    [[nodiscard]] bool exhausted() const;
    [[nodiscard]] std::uint64_t rolls() const { return rolls_; }

 private:
    std::uint64_t rolls_;
    std::atomic<std::uint64_t> cursor_;  // roll << 32 | nonce
};

// Where the blocks and shares of a job go wrong or right is its source's business; the rest sees only this.
struct Job {
    std::string id;                  // the source's name for it
    std::uint32_t version = 0;       // as given, before rolling
    std::uint32_t version_mask = 0;  // bits that may be rolled (BIP 320); 0: none
    Hash256 prev;
    std::uint32_t time = 0;  // nTime to start from
    std::uint32_t max_time_roll =
        0;  // seconds that nTime may be moved forward when nothing else is left to roll
    std::uint32_t bits = 0;
    std::vector<std::uint8_t> coinbase1;  // coinbase transaction before the extranonces, without witness
    std::vector<std::uint8_t> extranonce1;
    std::uint32_t extranonce2_size = 0;   // bytes, 0 to 32; written big-endian, the roll in the low bytes
    std::vector<std::uint8_t> coinbase2;  // after the extranonces
    std::vector<Hash256> branch;          // merkle branch of the coinbase, internal order
    Uint256 block_target;
    Uint256 share_target;                 // what is worth submitting; equals block_target when solo
    double difficulty = 0;                // of share_target, as the source stated it
    std::int64_t height = -1;             // -1 where unknown
    bool clean = true;                    // earlier jobs are stale
    bool single_block = false;            // solo: one block ends the job, devices wait for the next
    std::shared_ptr<const void> context;  // the source's own: a template, a session
    std::string network;                  // "main", "local", … ; empty where unknown
    std::chrono::steady_clock::time_point received =
        std::chrono::steady_clock::now();  // when its bytes were here

    // The one moving part; set by work::seal(). Jobs that search the same headers share it.
    std::shared_ptr<SearchSpace> space;
};

using JobPtr = std::shared_ptr<const Job>;

// A hit that the verifier found worth submitting.
struct Solution {
    JobPtr job;
    std::uint64_t generation = 0;  // of the job, given by the engine
    std::vector<std::uint8_t> extranonce2;
    std::uint32_t version = 0;  // the header's, rolled bits included
    BlockHeader header;
    Hash256 hash;
    double difficulty = 0;  // of the hash itself
    bool block = false;     // meets the block target, not only the share target
    std::string device;     // id of the device that found it
};

}  // namespace lode
