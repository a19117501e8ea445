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

    // rolls: number of rolls, 1 to kMaxRolls (larger values are capped). The start position is for replaying
    // recorded work.
    explicit SearchSpace(std::uint64_t rolls = 1, std::uint64_t first_roll = 0,
                         std::uint32_t first_nonce = 0);

    // Up to count nonces that no other caller gets; fewer at the end of a roll; nothing when the space is
    // exhausted.
    [[nodiscard]] std::optional<Claim> claim(std::uint64_t count);
    [[nodiscard]] bool exhausted() const;
    [[nodiscard]] std::uint64_t rolls() const { return rolls_; }

 private:
    std::uint64_t rolls_;
    std::atomic<std::uint64_t> cursor_;  // roll << 32 | nonce
};

// Data that a source attaches to its jobs: a template, a session. Only the source knows the type.
struct JobContext {
    virtual ~JobContext() = default;
};

// Immutable once published. Anything else that a source needs goes into the context.
struct Job {
    std::string id;                  // the source's name for it
    std::uint32_t version = 0;       // as given, before rolling
    std::uint32_t version_mask = 0;  // bits that may be rolled (BIP 320); 0: none
    Hash256 prev;
    std::uint32_t time = 0;  // nTime to start from
    std::uint32_t max_time_roll =
        0;  // seconds by which nTime may be rolled forward when nothing else is left to roll
    std::uint32_t bits = 0;
    std::vector<std::uint8_t> coinbase1;  // coinbase transaction before the extranonces, without witness
    std::vector<std::uint8_t> extranonce1;
    std::uint32_t extranonce2_size = 0;   // bytes, 0 to 32; a big-endian number that rolls count up
    std::uint64_t extranonce2_start = 0;  // the first one; after the last that fits comes 0
    std::vector<std::uint8_t> coinbase2;  // after the extranonces
    std::vector<Hash256> branch;          // merkle branch of the coinbase, internal order
    // Set by the source instead of the five above, which are then empty: only version and time can roll.
    std::optional<Hash256> merkle_root;
    Uint256 block_target;
    Uint256 share_target;          // hashes up to this are submitted; equals block_target when solo
    double difficulty = 0;         // of share_target, as the source stated it
    std::int64_t height = -1;      // -1: unknown
    bool clean = true;             // earlier jobs are stale
    bool batched_answers = false;  // shares are acknowledged in batches, not one by one
    bool single_block = false;     // solo: one block ends the job, devices wait for the next
    std::shared_ptr<const JobContext> context;  // the source's own; may be null
    std::string network;                        // "main", "local", … ; empty: unknown
    std::vector<std::uint8_t>
        signet_challenge;  // of the network, if the source states it (BIP 325); otherwise empty
    std::chrono::steady_clock::time_point received =
        std::chrono::steady_clock::now();  // when it was received

    // The only mutable part; set by lode::seal(). Jobs with the same headers share it.
    std::shared_ptr<SearchSpace> space;

    // The context as type T; null if there is none or it has another type, as in a job of another source.
    template <typename Context>
    [[nodiscard]] const Context* context_as() const {
        return dynamic_cast<const Context*>(context.get());
    }
};

using JobPtr = std::shared_ptr<const Job>;

// A hit that the verifier found worth submitting.
struct Solution {
    JobPtr job;
    std::uint64_t generation = 0;  // of the job, given by the engine
    std::vector<std::uint8_t> extranonce2;
    std::uint32_t version = 0;  // of the header, rolled bits included
    BlockHeader header;
    Hash256 hash;
    double difficulty = 0;  // of the hash itself
    bool block = false;     // meets the block target, not only the share target
    std::string device;     // id of the device that found it
};

}  // namespace lode
