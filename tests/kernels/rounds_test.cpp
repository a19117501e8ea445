// The round arithmetic that the GPU kernels share, against the reference in kernels/cpu/portable.cpp.
#include <random>

#include <gtest/gtest.h>

#include "kernels/cpu/kernels.h"
#include "kernels/prepare.h"
#include "kernels/sha256_rounds.h"

namespace lode::kernels {
namespace {

std::uint32_t byte_swap(std::uint32_t x) {
    return x << 24 | (x & 0xff00u) << 8 | (x >> 8 & 0xff00u) | x >> 24;
}

// A kernel as simple as the contract allows: every nonce by the shared arithmetic.
void scan_rounds(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result) {
    const Prepared prepared = prepare(input);
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto nonce = static_cast<std::uint32_t>(first + i);
        std::uint32_t kw[64], w[16];
        lode_schedule(&prepared.common, byte_swap(nonce), kw);
        for (std::uint32_t v = 0; v < input.variants; ++v) {
            lode_first_hash(&prepared.common, &prepared.variant[v], byte_swap(nonce), kw, w);
            if (byte_swap(lode_second_hash(w)) <= prepared.max_top) result.add(nonce, v);
        }
    }
}

ScanInput random_input(std::mt19937& random, std::uint32_t variants) {
    ScanInput input;
    input.variants = variants;
    for (auto& midstate : input.midstate)
        for (auto& word : midstate) word = static_cast<std::uint32_t>(random());
    for (auto& word : input.tail) word = static_cast<std::uint32_t>(random());
    return input;
}

class Rounds : public testing::TestWithParam<std::uint32_t> {};

TEST_P(Rounds, AgreeWithTheReferenceOnRandomInputs) {
    std::mt19937 random(20261120u + GetParam());
    for (int round = 0; round < 200; ++round) {
        ScanInput input = random_input(random, GetParam());
        input.max_top = 0x10000000u;  // one hash in 16
        const auto first = static_cast<std::uint32_t>(random());
        const std::uint64_t count = std::min<std::uint64_t>(64, (std::uint64_t{1} << 32) - first);
        ScanResult expected, actual;
        scan_portable(input, first, count, expected);
        scan_rounds(input, first, count, actual);
        ASSERT_EQ(actual.total, expected.total);
        ASSERT_EQ(actual.hits, expected.hits);
    }
}

// Every bit of the word, not only whether it is below a limit: the two limits around it tell.
TEST_P(Rounds, GiveTheExactTopWord) {
    std::mt19937 random(7u + GetParam());
    for (int round = 0; round < 50; ++round) {
        ScanInput input = random_input(random, GetParam());
        const auto nonce = static_cast<std::uint32_t>(random());
        const Prepared prepared = prepare(input);
        std::uint32_t kw[64], w[16];
        lode_schedule(&prepared.common, byte_swap(nonce), kw);
        for (std::uint32_t v = 0; v < input.variants; ++v) {
            lode_first_hash(&prepared.common, &prepared.variant[v], byte_swap(nonce), kw, w);
            ScanInput one = input;
            one.variants = 1;
            one.midstate[0] = input.midstate[v];
            const std::uint32_t top = byte_swap(lode_second_hash(w));
            ScanResult at, below;
            one.max_top = top;
            scan_portable(one, nonce, 1, at);
            EXPECT_EQ(at.total, 1u);
            if (top == 0) continue;
            one.max_top = top - 1;
            scan_portable(one, nonce, 1, below);
            EXPECT_EQ(below.total, 0u);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Variants, Rounds, testing::Values(1u, 2u, 4u, 8u));

// The genesis block: header bytes 64 to 75 and the nonce from its 80 bytes (Bitcoin Core, chainparams.cpp);
// its hash, 000000000019d668…, has 0 as its top word.
TEST(RoundsGenesis, HasTopWordZero) {
    ScanInput input;
    // SHA-256 compression of version 1, previous hash 0 and 3ba3edfd…1bc3888a5132…'s first 28 bytes.
    input.midstate[0] = {0xbc909a33, 0x6358bff0, 0x90ccac7d, 0x1e59caa8,
                         0xc3c8d8e9, 0x4f0103c8, 0x96b18736, 0x4719f91b};
    input.tail = {0x4b1e5e4a, 0x29ab5f49, 0xffff001d};
    const Prepared prepared = prepare(input);
    std::uint32_t kw[64], w[16];
    lode_schedule(&prepared.common, 0x1dac2b7c, kw);  // nonce 2083236893
    lode_first_hash(&prepared.common, &prepared.variant[0], 0x1dac2b7c, kw, w);
    EXPECT_EQ(lode_second_hash(w), 0u);
}

}  // namespace
}  // namespace lode::kernels
