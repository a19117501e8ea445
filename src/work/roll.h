// From (job, roll) to what is hashed: pure functions.
//
// A roll names an extranonce2, a group of up to kMaxVariants rolled versions and a time, in this order of
// change: extranonce2 first, version groups when those are used up, nTime last.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "lode/job.h"
#include "lode/scan.h"

namespace lode::work {

// Bits of the mask that are really rolled. Where the job's own version has bits inside the mask they are left
// alone: pools that XOR and pools that replace then agree (BIP 310 replaces).
std::uint32_t rolled_bits(const Job& job);
// Versions a scan: 1, 2, 4 or kMaxVariants.
unsigned variants(const Job& job);
// How many rolls the job has, at most SearchSpace::kMaxRolls.
std::uint64_t rolls(const Job& job);

// The four below: roll < rolls(job), variant < variants(job).
std::vector<std::uint8_t> extranonce2(const Job& job, std::uint64_t roll);
std::uint32_t time_of(const Job& job, std::uint64_t roll);
std::uint32_t version_of(const Job& job, std::uint64_t roll, unsigned variant);
// With nonce 0. Hashes the coinbase and the merkle branch.
BlockHeader header_of(const Job& job, std::uint64_t roll, unsigned variant);

// coinbase1 | extranonce1 | extranonce2 | coinbase2
std::vector<std::uint8_t> coinbase(const Job& job, const std::vector<std::uint8_t>& extranonce2);
Hash256 merkle_root(const Job& job, const std::vector<std::uint8_t>& extranonce2);

ScanInput scan_input(const Job& job, std::uint64_t roll);

// Gives a finished job its search space, unless it shares another's, and makes it immutable. The start is for
// replaying recorded work.
JobPtr seal(Job job, std::uint64_t first_roll = 0, std::uint32_t first_nonce = 0);

}  // namespace lode::work
