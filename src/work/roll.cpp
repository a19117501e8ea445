#include "work/roll.h"

#include <algorithm>
#include <bit>

#include "crypto/sha256.h"
#include "work/merkle.h"

namespace lode::work {
namespace {

constexpr unsigned kVariantBits = 3;
static_assert(1u << kVariantBits == kMaxVariants);

struct Parts {
    std::uint64_t extranonce2 = 0, group = 0, time = 0;
};

std::uint64_t extranonce2_count(const Job& job) {
    return job.extranonce2_size >= 4 ? SearchSpace::kMaxRolls
                                     : std::uint64_t{1} << (8 * job.extranonce2_size);
}

std::uint64_t group_count(const Job& job) {
    const int bits = std::popcount(rolled_bits(job));
    return bits <= static_cast<int>(kVariantBits)
               ? 1
               : std::uint64_t{1} << (bits - static_cast<int>(kVariantBits));
}

Parts split(const Job& job, std::uint64_t roll) {
    const std::uint64_t e = extranonce2_count(job), g = group_count(job);
    return {roll % e, roll / e % g, roll / e / g};
}

// Spreads the low bits of value over the set bits of mask, lowest first.
std::uint32_t deposit(std::uint64_t value, std::uint32_t mask) {
    std::uint32_t out = 0;
    for (; mask != 0; mask &= mask - 1, value >>= 1)
        if ((value & 1) != 0) out |= mask & (~mask + 1);
    return out;
}

std::uint32_t word_be(const std::uint8_t* p) {
    return static_cast<std::uint32_t>(p[0]) << 24 | static_cast<std::uint32_t>(p[1]) << 16 |
           static_cast<std::uint32_t>(p[2]) << 8 | p[3];
}

}  // namespace

std::uint32_t rolled_bits(const Job& job) {
    return job.version_mask & ~job.version;
}

unsigned variants(const Job& job) {
    return 1u << std::min(kVariantBits, static_cast<unsigned>(std::popcount(rolled_bits(job))));
}

std::uint64_t rolls(const Job& job) {
    const std::uint64_t times = std::uint64_t{job.max_time_roll} + 1;
    const std::uint64_t versions =
        std::min(SearchSpace::kMaxRolls, extranonce2_count(job) * group_count(job));
    return std::min(SearchSpace::kMaxRolls, versions * std::min(times, SearchSpace::kMaxRolls));
}

std::vector<std::uint8_t> extranonce2(const Job& job, std::uint64_t roll) {
    std::vector<std::uint8_t> bytes(job.extranonce2_size);
    std::uint64_t value = job.extranonce2_start + split(job, roll).extranonce2;
    for (std::size_t i = bytes.size(); i-- > 0; value >>= 8) bytes[i] = static_cast<std::uint8_t>(value);
    return bytes;
}

std::uint32_t time_of(const Job& job, std::uint64_t roll) {
    return job.time + static_cast<std::uint32_t>(split(job, roll).time);
}

std::uint32_t version_of(const Job& job, std::uint64_t roll, unsigned variant) {
    const std::uint64_t index = split(job, roll).group * variants(job) + variant;
    return job.version | deposit(index, rolled_bits(job));
}

std::vector<std::uint8_t> coinbase(const Job& job, const std::vector<std::uint8_t>& extranonce2) {
    std::vector<std::uint8_t> bytes;
    bytes.reserve(job.coinbase1.size() + job.extranonce1.size() + extranonce2.size() + job.coinbase2.size());
    for (const auto* part : {&job.coinbase1, &job.extranonce1, &extranonce2, &job.coinbase2})
        bytes.insert(bytes.end(), part->begin(), part->end());
    return bytes;
}

Hash256 merkle_root(const Job& job, const std::vector<std::uint8_t>& extranonce2) {
    if (job.merkle_root) return *job.merkle_root;
    return apply_branch(crypto::sha256d(coinbase(job, extranonce2)), job.branch);
}

BlockHeader header_of(const Job& job, std::uint64_t roll, unsigned variant) {
    return {.version = version_of(job, roll, variant),
            .prev = job.prev,
            .merkle_root = merkle_root(job, extranonce2(job, roll)),
            .time = time_of(job, roll),
            .bits = job.bits,
            .nonce = 0};
}

ScanInput scan_input(const Job& job, std::uint64_t roll) {
    ScanInput input;
    input.variants = variants(job);
    input.max_top = std::max(job.share_target, job.block_target).top32();
    BlockHeader header = header_of(job, roll, 0);
    for (unsigned v = 0; v < input.variants; ++v) {
        header.version = version_of(job, roll, v);
        const auto raw = header.serialize();
        input.midstate[v] = crypto::midstate(std::span(raw).first<64>());
        for (std::size_t i = 0; i < 3; ++i) input.tail[i] = word_be(raw.data() + 64 + 4 * i);
    }
    return input;
}

JobPtr seal(Job job, std::uint64_t first_roll, std::uint32_t first_nonce) {
    if (!job.space) job.space = std::make_shared<SearchSpace>(rolls(job), first_roll, first_nonce);
    return std::make_shared<const Job>(std::move(job));
}

}  // namespace lode::work
