#include "backend/self_test.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "backend/known_blocks.h"

namespace lode::backend {
namespace {

Error wrong(const std::string& what) {
    return {ErrorKind::Device, "self-test: " + what, "", ""};
}

// The block's nonce is found, alone, whichever variant it is.
std::optional<Error> finds_known_block(const Scanner& scan, const KnownBlock& known, std::uint32_t variants) {
    const std::uint32_t slot = variants - 1;
    const std::uint32_t before = 40 + 7 * slot;  // so that the hit falls into every lane of a vector
    const auto answer = scan(scan_input(known.header, variants, 0, slot), known.nonce - before, before + 30);
    if (const auto* error = std::get_if<Error>(&answer)) return *error;
    const auto& result = std::get<ScanResult>(answer);
    if (result.total == 1 && result.hits[0] == Hit{known.nonce, slot}) return std::nullopt;
    return wrong("block " + std::to_string(known.height) + " with " + std::to_string(variants) +
                 " variants: its nonce was not found alone, " + std::to_string(result.total) + " hits");
}

// Every hit of an easy target, compared with lode::crypto.
std::optional<Error> finds_all_hits(const Scanner& scan, const RawHeader& header, std::uint32_t variants) {
    constexpr std::uint32_t kFirst = 0x00fffff1, kCount = 123, kMaxTop = 0x07ffffff;
    using Pair = std::pair<std::uint32_t, std::uint32_t>;
    std::vector<Pair> expected, found;
    for (std::uint32_t v = 0; v < variants; ++v)
        for (std::uint32_t nonce = kFirst; nonce < kFirst + kCount; ++nonce)
            if (hash_top(rolled(header, v, nonce)) <= kMaxTop) expected.emplace_back(v, nonce);
    const auto answer = scan(scan_input(header, variants, kMaxTop), kFirst, kCount);
    if (const auto* error = std::get_if<Error>(&answer)) return *error;
    const auto& result = std::get<ScanResult>(answer);
    for (std::size_t i = 0; i < result.kept(); ++i)
        found.emplace_back(result.hits[i].variant, result.hits[i].nonce);
    std::ranges::sort(found);
    if (result.total == found.size() && found == expected) return std::nullopt;
    return wrong("an easy target with " + std::to_string(variants) + " variants: " +
                 std::to_string(result.total) + " hits instead of " + std::to_string(expected.size()));
}

}  // namespace

std::optional<Error> self_test(const Scanner& scan) {
    for (std::uint32_t variants = 1; variants <= kMaxVariants; ++variants) {
        for (const KnownBlock& known : known_blocks())
            if (auto error = finds_known_block(scan, known, variants)) return error;
        if (auto error = finds_all_hits(scan, known_blocks()[0].header, variants)) return error;
    }
    return std::nullopt;
}

}  // namespace lode::backend
