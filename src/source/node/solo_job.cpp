#include "source/node/solo_job.h"

#include <utility>

#include "chain/serialize.h"
#include "chain/target.h"
#include "source/node/signet.h"
#include "util/hex.h"
#include "work/coinbase.h"
#include "work/merkle.h"
#include "work/roll.h"

namespace lode::source::node {
namespace {

constexpr std::size_t kExtranonce2 = 8;  // bytes; more than a search space can use

// The coinbase counts too, and may need more than the node has reserved for it.
Result<void> check_limits(const Template& work, std::size_t coinbase_bytes,
                          std::span<const std::uint8_t> script) {
    const auto count = chain::Writer().compact_size(1 + work.body.count).take();
    const std::uint64_t weight = work.weight + 4 * (kHeaderSize + count.size()) +
                                 work::coinbase_weight(coinbase_bytes, work.body.witness);
    if (work.weight_limit != 0 && weight > work.weight_limit)
        return fail(ErrorKind::Refused, "with its coinbase the block weighs " + std::to_string(weight),
                    "template", "at most " + std::to_string(work.weight_limit));
    // With segwit the limit is in units of a quarter (BIP 141).
    const std::uint64_t sigops = work.sigops + work::legacy_sigops(script) * (work.segwit ? 4u : 1u);
    if (work.sigop_limit != 0 && sigops > work.sigop_limit)
        return fail(ErrorKind::Refused,
                    "with its coinbase the block has " + std::to_string(sigops) + " sigops", "template",
                    "at most " + std::to_string(work.sigop_limit));
    return {};
}

}  // namespace

Result<JobPtr> make_job(const TemplatePtr& work, JobSpec spec) {
    work::CoinbaseSpec coinbase;
    coinbase.height = work->height;
    coinbase.value = work->value;
    coinbase.script = spec.script;
    coinbase.tag = spec.tag;
    coinbase.aux = work->aux;
    const bool covered = signet::wants_signature(work->signet_challenge);
    const std::size_t extranonce2 = covered ? 0 : kExtranonce2;
    coinbase.extranonce_bytes = spec.extranonce1.size() + extranonce2;
    coinbase.witness_commitment =
        covered ? signet::commitment_with(work->witness_commitment, spec.signet_solution)
                : work->witness_commitment;
    auto halves = work::make_coinbase(coinbase);
    if (!halves) return tl::unexpected(halves.error());
    const std::size_t size = halves->before.size() + coinbase.extranonce_bytes + halves->after.size();
    if (const auto fits = check_limits(*work, size, spec.script); !fits) return tl::unexpected(fits.error());

    Job job;
    job.id = std::to_string(work->height) + "." + util::to_hex(spec.extranonce1);
    job.version = work->version | work->required_bits;
    // What the node signals stays as it is; the rest of the mask is free when solo.
    job.version_mask = covered ? 0 : spec.version_mask & ~job.version;
    job.prev = work->prev;
    job.time = work->time;
    job.bits = work->bits;
    job.coinbase1 = std::move(halves->before);
    job.extranonce1 = std::move(spec.extranonce1);
    job.extranonce2_size = static_cast<std::uint32_t>(extranonce2);
    job.coinbase2 = std::move(halves->after);
    job.branch = work::branch_of_first(work->txids);
    job.block_target = work->target;
    job.share_target = work->target;
    job.difficulty = chain::difficulty_of(work->target);
    job.height = work->height;
    job.clean = spec.clean;
    job.single_block = true;
    job.context = work;
    job.network = std::move(spec.network);
    job.signet_challenge = work->signet_challenge;
    job.received = spec.received;
    return work::seal(std::move(job));
}

std::vector<std::uint8_t> proposal_block(const JobPtr& job, const Template& work) {
    Solution unsolved;
    unsolved.job = job;
    unsolved.extranonce2 = work::extranonce2(*job, 0);
    unsolved.header = work::header_of(*job, 0, 0);
    return work::assemble_block(unsolved, work.body);
}

}  // namespace lode::source::node
