// The header and scan input of (job, roll). Pure functions.
//
// A roll selects an extranonce2, a group of up to kMaxVariants rolled versions and a time. Consecutive rolls
// change extranonce2 first, then the version group, then nTime. A job with a given merkle root has a single,
// empty extranonce2.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "lode/job.h"
#include "lode/scan.h"

namespace lode::work {

// The bits of the mask that are rolled: without those set in the job's version, so that pools that XOR the
// bits and pools that replace them agree (BIP 310 replaces).
std::uint32_t rolled_bits(const Job& job);
// Versions per scan: 1, 2, 4 or kMaxVariants.
unsigned variants(const Job& job);
// How many rolls the job has, at most SearchSpace::kMaxRolls.
std::uint64_t rolls(const Job& job);

// The four below: roll < rolls(job), variant < variants(job).
std::vector<std::uint8_t> extranonce2(const Job& job, std::uint64_t roll);
std::uint32_t time_of(const Job& job, std::uint64_t roll);
std::uint32_t version_of(const Job& job, std::uint64_t roll, unsigned variant);
// With nonce 0. Hashes the coinbase and the merkle branch.
BlockHeader header_of(const Job& job, std::uint64_t roll, unsigned variant);

// coinbase1 | extranonce1 | extranonce2 | coinbase2; empty if the merkle root is given
std::vector<std::uint8_t> coinbase(const Job& job, const std::vector<std::uint8_t>& extranonce2);
// The job's own if it has one.
Hash256 merkle_root(const Job& job, const std::vector<std::uint8_t>& extranonce2);

ScanInput scan_input(const Job& job, std::uint64_t roll);

// Gives a completed job a search space, unless it shares another's, and makes it immutable. The start is for
// replaying recorded work.
JobPtr seal(Job job, std::uint64_t first_roll = 0, std::uint32_t first_nonce = 0);

}  // namespace lode::work
