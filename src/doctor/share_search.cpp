#include "doctor/share_search.h"

#include "crypto/sha256.h"
#include "work/roll.h"

namespace lode::doctor {
namespace {

constexpr double kMaxDifficulty = 0.001;  // 4.3 million hashes at difficulty 0.001
constexpr std::uint32_t kMaxHashes = 30'000'000;

}  // namespace

std::optional<std::uint32_t> find_nonce(const Job& job, Hit wanted) {
    if (wanted == Hit::Share && job.difficulty > kMaxDifficulty) return std::nullopt;
    BlockHeader header = work::header_of(job, 0, 0);
    header.version = static_cast<decltype(header.version)>(job.version);
    for (std::uint32_t nonce = 0; nonce < kMaxHashes; ++nonce) {
        header.nonce = nonce;
        const bool meets = crypto::hash_header(header.serialize()).number() <= job.share_target;
        if (meets == (wanted == Hit::Share)) return nonce;
    }
    return std::nullopt;
}

}  // namespace lode::doctor
