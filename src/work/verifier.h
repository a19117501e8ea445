// Verifies every hit: hashes the 80 bytes again on the CPU and compares all 256 bits.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_set>

#include "lode/job.h"
#include "lode/scan.h"

namespace lode::work {

enum class HitKind {
    Block,  // meets the block target
    Share,  // meets the share target only
    Miss,   // its top word passed the device's coarse test, but the hash is above the target: normal at easy
            // targets
    Duplicate,      // found before
    HardwareError,  // the top word does not pass either: the device computed wrongly
};

struct Verified {
    HitKind kind = HitKind::HardwareError;
    Solution solution;  // filled for Block and Share
};

// Not thread-safe. Remembers recent hashes to detect duplicates.
class Verifier {
 public:
    Verified verify(const JobPtr& job, std::uint64_t roll, const Hit& hit);

 private:
    bool remember(const Hash256& hash);  // false if already known

    static constexpr std::size_t kRemembered = 1 << 16;
    std::unordered_set<Hash256> seen_;
    std::deque<Hash256> order_;  // oldest first
};

}  // namespace lode::work
