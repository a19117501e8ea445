// From a provider's template to the job that devices search, and to whole blocks. Without I/O.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lode/job.h"
#include "lode/result.h"
#include "source/provider/messages.h"

namespace lode::source::provider {

// The transactions behind the coinbase, once the provider has sent them. The io thread's.
struct Transactions {
    std::optional<std::vector<sv2::Bytes>> list;
};

// A job's context.
struct Work : JobContext {
    std::uint64_t template_id = 0;
    std::int64_t height = 0;
    bool witness = false;  // the coinbase commits to witnesses and carries its own
    std::shared_ptr<Transactions> transactions;
};

struct JobSpec {
    std::vector<std::uint8_t> script;  // scriptPubKey that gets the reward
    std::string tag;
    std::uint32_t version_mask = 0;
    std::string network;
    std::vector<std::uint8_t> extranonce1;  // unique among all processes
    bool clean = true;
    std::chrono::steady_clock::time_point received;  // when the message that completed it was received
};

// time: the header's. Malformed: a template or a target that cannot be, by field; Usage where the tag does
// not fit.
Result<JobPtr> make_job(const NewTemplate& from, const SetNewPrevHash& tip, std::uint32_t time,
                        std::shared_ptr<Transactions> transactions, JobSpec spec);

SubmitSolution to_message(const Solution& solution, const Work& work);
// The block as nodes take it. Malformed: the transactions are not those of the template.
Result<std::vector<std::uint8_t>> whole_block(const Solution& solution, const Work& work);

}  // namespace lode::source::provider
