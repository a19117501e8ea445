#include "source/provider/provider_job.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "chain/block.h"
#include "chain/serialize.h"
#include "chain/target.h"
#include "util/hex.h"
#include "work/block_assembly.h"
#include "work/coinbase.h"
#include "work/merkle.h"
#include "work/roll.h"

namespace lode::source::provider {
namespace {

constexpr std::size_t kExtranonce2 = 8;                     // bytes; more rolls than any search space has
constexpr std::size_t kMaxPrefix = 8;                       // bytes (the specification, 7.2)
constexpr std::size_t kMaxPath = 32;                        // a block holds under 2^17 transactions
constexpr std::size_t kMaxOutputs = 250;                    // their number in the coinbase stays one byte
constexpr std::size_t kMaxOutputBytes = 60'000;             // the coinbase fits into SubmitSolution
constexpr std::uint64_t kMaxMoney = 2'100'000'000'000'000;  // satoshis

tl::unexpected<Error> malformed(std::string what, std::string expected) {
    return fail(ErrorKind::Malformed, std::move(what), NewTemplate::kName, std::move(expected));
}

// Whether one of the outputs commits to witnesses (BIP 141).
Result<bool> read_outputs(const NewTemplate& from) {
    constexpr std::array<std::uint8_t, 6> kHead = {0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed};
    if (from.output_count > kMaxOutputs || from.outputs.size() > kMaxOutputBytes)
        return malformed(fmt::format("{} outputs in {} bytes", from.output_count, from.outputs.size()),
                         fmt::format("at most {} in {}", kMaxOutputs, kMaxOutputBytes));
    bool commits = false;
    chain::Reader reader(from.outputs);
    for (std::uint32_t i = 0; i < from.output_count; ++i) {
        reader.u64();
        const auto script = reader.bytes(reader.count(kMaxOutputBytes));
        commits |= script.size() >= 38 && std::equal(kHead.begin(), kHead.end(), script.begin());
    }
    if (!reader.ok() || reader.left() != 0)
        return malformed("coinbase_tx_outputs cannot be read", fmt::format("{} outputs", from.output_count));
    return commits;
}

Result<work::CoinbaseHalves> make_coinbase(const NewTemplate& from, const JobSpec& spec) {
    work::CoinbaseParts parts;
    parts.version = from.coinbase_version;
    parts.script_start = from.coinbase_prefix;
    parts.tag = spec.tag;
    parts.extranonce_bytes = spec.extranonce1.size() + kExtranonce2;
    parts.sequence = from.coinbase_sequence;
    parts.outputs = work::serialize_output(from.value, spec.script);
    parts.outputs.insert(parts.outputs.end(), from.outputs.begin(), from.outputs.end());
    parts.output_count = 1 + from.output_count;
    parts.lock_time = from.lock_time;
    return work::make_coinbase(parts);
}

Result<Uint256> target_of(const SetNewPrevHash& tip) {
    const auto of_bits = chain::parse_bits(tip.bits);
    if (!of_bits) return tl::unexpected(of_bits.error().at(SetNewPrevHash::kName));
    if (tip.target.is_zero())
        return fail(ErrorKind::Malformed, "a target of zero, which no hash meets", SetNewPrevHash::kName);
    return std::min(*of_bits, tip.target);
}

}  // namespace

Result<JobPtr> make_job(const NewTemplate& from, const SetNewPrevHash& tip, std::uint32_t time,
                        std::shared_ptr<Transactions> transactions, JobSpec spec) {
    if (from.coinbase_prefix.size() > kMaxPrefix)
        return malformed(fmt::format("a coinbase_prefix of {} bytes", from.coinbase_prefix.size()),
                         fmt::format("at most {}", kMaxPrefix));
    if (from.path.size() > kMaxPath)
        return malformed(fmt::format("a merkle path of {} hashes", from.path.size()),
                         fmt::format("at most {}", kMaxPath));
    if (from.value > kMaxMoney)
        return malformed(fmt::format("a coinbase of {} satoshis", from.value),
                         fmt::format("at most {}", kMaxMoney));
    const auto witness = read_outputs(from);
    if (!witness) return tl::unexpected(witness.error());
    const auto target = target_of(tip);
    if (!target) return tl::unexpected(target.error());
    auto halves = make_coinbase(from, spec);
    if (!halves) return tl::unexpected(halves.error());
    const auto height = work::coinbase_height(halves->before);
    if (!height)
        return malformed("coinbase_prefix " + util::to_hex(from.coinbase_prefix) + " states no height",
                         "the height, as BIP 34 requires");
    auto context = std::make_shared<Work>();
    context->template_id = from.id;
    context->height = *height;
    context->witness = *witness;
    context->transactions = std::move(transactions);

    Job job;
    job.id = fmt::format("{}.{}", from.id, util::to_hex(spec.extranonce1));
    job.version = from.version;
    // What the node signals stays as it is; the rest of the mask is free when solo.
    job.version_mask = spec.version_mask & ~from.version;
    job.prev = tip.prev;
    job.time = time;
    job.bits = tip.bits;
    job.coinbase1 = std::move(halves->before);
    job.extranonce1 = std::move(spec.extranonce1);
    job.extranonce2_size = kExtranonce2;
    job.coinbase2 = std::move(halves->after);
    job.branch = from.path;
    job.block_target = job.share_target = *target;
    job.difficulty = chain::difficulty_of(*target);
    job.height = *height;
    job.clean = spec.clean;
    job.single_block = true;
    job.context = std::move(context);
    job.network = std::move(spec.network);
    job.received = spec.received;
    return work::seal(std::move(job));
}

SubmitSolution to_message(const Solution& solution, const Work& work) {
    const BlockHeader& header = solution.header;
    auto coinbase = work::coinbase(*solution.job, solution.extranonce2);
    if (work.witness) coinbase = work::with_witness(coinbase);
    return {work.template_id, header.version, header.time, header.nonce, std::move(coinbase)};
}

Result<std::vector<std::uint8_t>> whole_block(const Solution& solution, const Work& work) {
    if (!work.transactions->list)
        return fail(ErrorKind::Unreachable, "the provider has not sent the transactions of its template");
    work::BlockBody body;
    body.witness = work.witness;
    std::vector<Hash256> txids;
    for (const sv2::Bytes& transaction : *work.transactions->list) {
        const auto id = chain::transaction_id(transaction);
        if (!id) return fail(ErrorKind::Malformed, "a transaction of the template cannot be read");
        txids.push_back(id->txid);
        body.transactions.insert(body.transactions.end(), transaction.begin(), transaction.end());
    }
    body.count = txids.size();
    if (work::branch_of_first(txids) != solution.job->branch)
        return fail(ErrorKind::Malformed, "the provider's transactions are not those of its template");
    return work::assemble_block(solution, body);
}

}  // namespace lode::source::provider
