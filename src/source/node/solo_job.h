// From a template to the job that devices search, and to whole blocks.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "lode/job.h"
#include "lode/result.h"
#include "source/node/template.h"

namespace lode::source::node {

struct JobSpec {
    std::vector<std::uint8_t> script;  // scriptPubKey that gets the reward
    std::string tag;
    std::uint32_t version_mask = 0;
    std::string network;
    std::vector<std::uint8_t> extranonce1;  // unlike any other of this and other processes
    bool clean = true;
    std::chrono::steady_clock::time_point received;  // when the template came
    std::uint64_t first_roll = 0;                    // where to begin, for replaying
    std::uint32_t first_nonce = 0;
};

// The template is the job's context. Refused where the block would be above the limits with its coinbase;
// Usage where the tag does not fit.
Result<JobPtr> make_job(const TemplatePtr& work, JobSpec spec);

// The job's first block, complete but for its proof of work: a proposal (BIP 23).
std::vector<std::uint8_t> proposal_block(const JobPtr& job);

// The template of a job that make_job made.
const Template& template_of(const Job& job);

}  // namespace lode::source::node
