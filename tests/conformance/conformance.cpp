#include "conformance/conformance.h"

#include <algorithm>
#include <array>
#include <random>
#include <set>
#include <utility>

#include "backend/known_blocks.h"
#include "kernels/cpu/kernels.h"

namespace lode::conformance {
namespace {

using backend::known_blocks;
using backend::KnownBlock;
using backend::RawHeader;
using backend::scan_input;

constexpr std::uint64_t kNonces = std::uint64_t{1} << 32;
constexpr std::size_t kFailuresKept = 8;

using Key = std::pair<std::uint32_t, std::uint32_t>;  // nonce, variant

std::string range_text(const ScanInput& input, std::uint32_t first, std::uint64_t count) {
    return std::to_string(input.variants) + " variants, max_top " + std::to_string(input.max_top) + ", " +
           std::to_string(count) + " nonces from " + std::to_string(first);
}

class Suite {
 public:
    explicit Suite(const backend::Scanner& scan) : scan_(scan) {}

    void known_block_is_found();
    void edges_of_the_range();
    void ends_of_the_nonces();
    void every_lane_and_length();
    void overflow_of_hits();
    void range_without_a_hit();
    void every_value_of_max_top();
    void random_ranges();
    Report report;

 private:
    // Scans with both and compares: the totals, and the hits that were kept.
    void equals_portable(const char* check, const ScanInput& input, std::uint32_t first, std::uint64_t count);
    void fail(const char* check, const std::string& text) {
        if (report.failures.size() < kFailuresKept)
            report.failures.push_back({check, text});
        else
            ++report.skipped;
    }
    std::uint32_t random() { return static_cast<std::uint32_t>(random_()); }

    const backend::Scanner& scan_;
    std::mt19937 random_{20090103};
};

void Suite::equals_portable(const char* check, const ScanInput& input, std::uint32_t first,
                            std::uint64_t count) {
    ++report.checks;
    const std::string range = range_text(input, first, count);
    const auto answer = scan_(input, first, count);
    if (!answer) return fail(check, range + ": " + answer.error().text());
    const auto& result = *answer;

    // The portable kernel may overflow as well; asked for one nonce at a time it never does.
    std::set<Key> expected;
    for (std::uint64_t i = 0; i < count; ++i) {
        ScanResult one;
        kernels::scan_portable(input, static_cast<std::uint32_t>(first + i), 1, one);
        for (std::size_t k = 0; k < one.kept(); ++k) expected.emplace(one.hits[k].nonce, one.hits[k].variant);
    }
    if (result.total != expected.size())
        return fail(check, range + ": " + std::to_string(result.total) + " hits instead of " +
                               std::to_string(expected.size()));
    std::set<Key> kept;
    for (std::size_t k = 0; k < result.kept(); ++k) {
        const Key key{result.hits[k].nonce, result.hits[k].variant};
        if (!expected.contains(key))
            return fail(check, range + ": nonce " + std::to_string(key.first) + " variant " +
                                   std::to_string(key.second) + " is no hit");
        kept.insert(key);
    }
    if (kept.size() != result.kept()) fail(check, range + ": a hit is kept twice");
}

void Suite::known_block_is_found() {
    for (const KnownBlock& known : known_blocks())
        for (std::uint32_t variants = 1; variants <= kMaxVariants; ++variants)
            for (std::uint32_t slot = 0; slot < variants; ++slot)
                equals_portable("known block", scan_input(known.header, variants, 0, slot),
                                known.nonce - 20 - slot, 50);
}

// The nonce of a known block as the first, the last and the only one, and just outside.
void Suite::edges_of_the_range() {
    for (const KnownBlock& known : known_blocks()) {
        for (const std::uint32_t variants : {1u, 2u, 4u, 8u}) {
            const ScanInput input = scan_input(known.header, variants, 0, variants - 1);
            const std::uint32_t n = known.nonce;
            for (const std::uint32_t length : {1u, 2u, 15u, 16u, 17u, 64u, 100u}) {
                equals_portable("hit at the range's first nonce", input, n, length);
                equals_portable("hit at the range's last nonce", input, n - length + 1, length);
                equals_portable("hit just before the range", input, n + 1, length);
                equals_portable("hit just after the range", input, n - length, length);
            }
        }
    }
}

// With max_top at its highest every nonce is a hit, so nonce 0 and 2^32 - 1 are; around the middle the sign
// of a 32-bit integer changes.
void Suite::ends_of_the_nonces() {
    const RawHeader& header = known_blocks()[1].header;
    for (const std::uint32_t variants : {1u, 3u, 8u}) {
        for (const std::uint32_t max_top : {0xffffffffu, 0x1fffffffu}) {
            const ScanInput input = scan_input(header, variants, max_top);
            for (const std::uint32_t length : {1u, 5u, 33u}) {
                equals_portable("nonces from 0", input, 0, length);
                equals_portable("nonces to 2^32 - 1", input, static_cast<std::uint32_t>(kNonces - length),
                                length);
                equals_portable("nonces around 2^31", input, 0x80000000u - length / 2, length);
            }
        }
    }
}

void Suite::every_lane_and_length() {
    const RawHeader& header = known_blocks()[2].header;
    for (const std::uint32_t variants : {1u, 2u, 4u, 5u, 8u}) {
        const ScanInput input = scan_input(header, variants, 0x0fffffff);
        for (std::uint32_t i = 0; i < 70; ++i) {
            equals_portable("odd alignment", input, 0x12345600 + i, 37);
            equals_portable("odd length", input, 0xfffff003, i + 1);
        }
    }
}

void Suite::overflow_of_hits() {
    const RawHeader& header = known_blocks()[3].header;
    for (const std::uint32_t variants : {1u, 2u, 4u, 7u, 8u}) {
        const ScanInput all = scan_input(header, variants, 0xffffffff);
        equals_portable("exactly as many hits as are kept", all, 7, kMaxHits / variants);
        equals_portable("one nonce too many", all, 7, kMaxHits / variants + 1);
        equals_portable("many times too many hits", all, 0x7fffff00, 1021);
        equals_portable("half of all nonces hit", scan_input(header, variants, 0x7fffffff), 3, 999);
    }
}

void Suite::range_without_a_hit() {
    const KnownBlock& known = known_blocks()[0];
    for (std::uint32_t variants = 1; variants <= kMaxVariants; ++variants)
        equals_portable("range without a hit", scan_input(known.header, variants, 0), known.nonce + 1, 3001);
}

// The comparison is unsigned, includes equality, and is made on the byte-swapped word.
void Suite::every_value_of_max_top() {
    const RawHeader& header = known_blocks()[4].header;
    for (unsigned bit = 0; bit < 32; ++bit)
        for (const std::uint32_t max_top : {1u << bit, (1u << bit) - 1, ~(1u << bit)})
            equals_portable("max_top", scan_input(header, 1 + bit % kMaxVariants, max_top), 991 * bit, 57);
    const std::uint32_t nonce = 77;
    const std::uint32_t top = backend::hash_top(backend::rolled(header, 0, nonce));
    for (const std::uint32_t variants : {1u, 8u}) {
        equals_portable("max_top equals the hash", scan_input(header, variants, top), nonce, 1);
        equals_portable("max_top one below the hash", scan_input(header, variants, top - 1), nonce, 1);
    }
}

// Input that no header would give, so that no word is assumed to be anything.
void Suite::random_ranges() {
    for (unsigned i = 0; i < 96; ++i) {
        ScanInput input;
        input.variants = 1 + i % kMaxVariants;
        for (auto& midstate : input.midstate)
            for (std::uint32_t& word : midstate) word = random();
        for (std::uint32_t& word : input.tail) word = random();
        input.max_top = random() >> random() % 14;
        const std::uint64_t count = 1 + random() % (i < 8 ? 4000 : 600);
        const std::uint64_t first = random() % (kNonces - count + 1);
        equals_portable("random range", input, static_cast<std::uint32_t>(first), count);
    }
}

}  // namespace

std::string Report::text() const {
    std::string lines;
    for (const Failure& failure : failures) lines += failure.check + ": " + failure.text + "\n";
    if (skipped > 0) lines += "and " + std::to_string(skipped) + " more\n";
    return lines;
}

Report run(const backend::Scanner& scan) {
    Suite suite(scan);
    suite.known_block_is_found();
    suite.edges_of_the_range();
    suite.ends_of_the_nonces();
    suite.every_lane_and_length();
    suite.overflow_of_hits();
    suite.range_without_a_hit();
    suite.every_value_of_max_top();
    suite.random_ranges();
    return suite.report;
}

}  // namespace lode::conformance
