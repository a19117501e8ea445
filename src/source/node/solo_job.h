// Makes jobs and whole blocks from a template.
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
    std::vector<std::uint8_t> extranonce1;      // unlike any other of this and other processes
    std::vector<std::uint8_t> signet_solution;  // of a signet that wants one; empty: not signed yet
    bool clean = true;
    std::chrono::steady_clock::time_point received;  // when the template came
};

// Where a signet's solution covers the block (BIP 325), only the nonce is left to search. The template is the
// job's context. Refused where the block would be above the limits with its coinbase;
// Usage where the tag does not fit.
Result<JobPtr> make_job(const TemplatePtr& work, JobSpec spec);

// The first block of a job made from this template, complete except for proof of work: a proposal (BIP 23).
std::vector<std::uint8_t> proposal_block(const JobPtr& job, const Template& work);

}  // namespace lode::source::node
