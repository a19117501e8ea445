// The second opinion on every hit: 80 bytes hashed again on the CPU, all 256 bits compared.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_set>

#include "lode/job.h"
#include "lode/scan.h"

namespace lode::work {

enum class Verdict {
    Block,      // meets the block target
    Share,      // meets the share target only
    Miss,       // its top word passed the device's coarse test, the other bits do not: normal at easy targets
    Duplicate,  // found before
    HardwareError,  // not even the top word is right: the device computed wrongly
};

struct Verified {
    Verdict verdict = Verdict::HardwareError;
    Solution solution;  // filled for Block and Share
};

// Not thread-safe. Remembers the hashes of recent finds to catch duplicates.
class Verifier {
 public:
    Verified verify(const JobPtr& job, std::uint64_t roll, const Hit& hit);

 private:
    bool remember(const Hash256& hash);  // false if it was known

    static constexpr std::size_t kRemembered = 1 << 16;
    std::unordered_set<Hash256> seen_;
    std::deque<Hash256> order_;  // oldest first
};

}  // namespace lode::work
