#include "backend/self_test.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "backend/known_blocks.h"

namespace lode::backend {
namespace {

tl::unexpected<Error> wrong(const std::string& what) {
    return fail(ErrorKind::Device, "self-test: " + what);
}

// The block's nonce must be the only hit, at every variant index.
Result<void> finds_known_block(const Scanner& scan, const KnownBlock& known, std::uint32_t variants) {
    const std::uint32_t slot = variants - 1;
    const std::uint32_t before = 40 + 7 * slot;  // so that the hit falls into every lane of a vector
    const auto answer = scan(scan_input(known.header, variants, 0, slot), known.nonce - before, before + 30);
    if (!answer) return tl::unexpected(answer.error());
    const auto& result = *answer;
    if (result.total == 1 && result.hits[0] == Hit{known.nonce, slot}) return {};
    return wrong("block " + std::to_string(known.height) + " with " + std::to_string(variants) +
                 " variants: its nonce was not found alone, " + std::to_string(result.total) + " hits");
}

// All hits of an easy target, compared with lode::crypto.
Result<void> finds_all_hits(const Scanner& scan, const RawHeader& header, std::uint32_t variants) {
    constexpr std::uint32_t kFirst = 0x00fffff1, kCount = 123, kMaxTop = 0x07ffffff;
    using Pair = std::pair<std::uint32_t, std::uint32_t>;
    std::vector<Pair> expected, found;
    for (std::uint32_t v = 0; v < variants; ++v)
        for (std::uint32_t nonce = kFirst; nonce < kFirst + kCount; ++nonce)
            if (hash_top(rolled(header, v, nonce)) <= kMaxTop) expected.emplace_back(v, nonce);
    const auto answer = scan(scan_input(header, variants, kMaxTop), kFirst, kCount);
    if (!answer) return tl::unexpected(answer.error());
    const auto& result = *answer;
    for (std::size_t i = 0; i < result.kept(); ++i)
        found.emplace_back(result.hits[i].variant, result.hits[i].nonce);
    std::ranges::sort(found);
    if (result.total == found.size() && found == expected) return {};
    return wrong("an easy target with " + std::to_string(variants) + " variants: " +
                 std::to_string(result.total) + " hits instead of " + std::to_string(expected.size()));
}

}  // namespace

Result<void> self_test(const Scanner& scan) {
    for (std::uint32_t variants = 1; variants <= kMaxVariants; ++variants) {
        for (const KnownBlock& known : known_blocks())
            if (auto found = finds_known_block(scan, known, variants); !found) return found;
        if (auto found = finds_all_hits(scan, known_blocks()[0].header, variants); !found) return found;
    }
    return {};
}

}  // namespace lode::backend
