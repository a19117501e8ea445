#include "source/local/local_job.h"

#include "chain/target.h"
#include "work/coinbase.h"

namespace lode::source {

namespace {
constexpr std::uint32_t kVersion = 0x20000000;  // BIP 9, no bits signalled
constexpr std::uint32_t kExtranonce2 = 8;       // bytes
}  // namespace

Result<Job> make_local_job(const chain::ChainTracker& tracker, const LocalJobSpec& spec, std::uint32_t time) {
    const auto tip = tracker.tip();
    const std::int64_t height = tracker.height(tip) + 1;
    const auto bits = tracker.next_bits(tip, time);
    const auto target = bits ? chain::target_of(*bits) : std::nullopt;
    if (!target) return fail(ErrorKind::Internal, "no target for the next block of the local chain");
    work::CoinbaseSpec coinbase;
    coinbase.height = height;
    coinbase.value = tracker.network().subsidy(height);
    coinbase.script = spec.script;
    coinbase.tag = spec.tag;
    coinbase.extranonce_bytes = spec.extranonce1.size() + kExtranonce2;
    auto halves = work::make_coinbase(coinbase);
    if (!halves) return tl::unexpected(halves.error());

    Job job;
    job.id = std::to_string(height);
    job.version = kVersion;
    job.version_mask = spec.version_mask;
    job.prev = tracker.hash(tip);
    job.time = time;
    job.bits = *bits;
    job.coinbase1 = std::move(halves->before);
    job.extranonce1 = spec.extranonce1;
    job.extranonce2_size = kExtranonce2;
    job.coinbase2 = std::move(halves->after);
    job.block_target = job.share_target = *target;
    job.difficulty = chain::difficulty_of(*target);
    job.height = height;
    job.single_block = true;
    job.network = tracker.network().name;
    return job;
}

}  // namespace lode::source
