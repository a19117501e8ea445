// Makes a job from the tip of the local chain. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chain/tracker.h"
#include "lode/job.h"
#include "lode/result.h"

namespace lode::source {

struct LocalJobSpec {
    std::vector<std::uint8_t> script;  // scriptPubKey that the subsidy pays
    std::string tag;
    std::vector<std::uint8_t> extranonce1;  // random, so that processes make different coinbases
    std::uint32_t version_mask = 0;
};

// The block after the tip, with this header time.
Result<Job> make_local_job(const chain::ChainTracker& tracker, const LocalJobSpec& spec, std::uint32_t time);

}  // namespace lode::source
