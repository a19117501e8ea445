#include "crypto/sha256.h"

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/cpu_features.h"
#include "crypto/hash_headers.h"
#include "crypto/self_test.h"

namespace lode::crypto {

#if defined(__x86_64__)
void compress_two_sha_ni(State& a, State& b, const std::uint8_t* block_a, const std::uint8_t* block_b);
#elif defined(__aarch64__)
void compress_two_arm_sha2(State& a, State& b, const std::uint8_t* block_a, const std::uint8_t* block_b);
#endif

namespace {

std::span<const std::uint8_t> bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string hex(std::span<const std::uint8_t> data) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const auto b : data) (text += kDigits[b >> 4]) += kDigits[b & 15];
    return text;
}

// FIPS 180-4 examples (NIST, "SHA256.pdf") and the million a's of RFC 6234.
TEST(Sha256, KnownAnswers) {
    EXPECT_EQ(hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(hex(sha256(bytes("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hex(sha256(bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(hex(sha256(bytes(std::string(1000000, 'a')))),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, AnySplitGivesTheSame) {
    const std::string text(200, 'x');
    const auto whole = sha256(bytes(text));
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        Sha256 hasher;
        hasher.write(bytes(text).first(cut)).write(bytes(text).subspan(cut));
        ASSERT_EQ(hasher.finish(), whole) << cut;
    }
}

TEST(Sha256, PickedCompressionEqualsPortable) {
    std::vector<std::uint8_t> blocks(64 * 5);
    for (std::size_t i = 0; i < blocks.size(); ++i) blocks[i] = static_cast<std::uint8_t>(i * 7 + i / 64);
    State a = kInitialState, b = kInitialState;
    compress(a, blocks.data(), 5);
    compress_portable(b, blocks.data(), 5);
    EXPECT_EQ(a, b) << compress_name();
}

TEST(Sha256, TheCpusOwnInstructionsAreUsed) {
    const auto& cpu = cpu_features();
    EXPECT_STREQ(compress_name(), cpu.sha_ni ? "sha-ni" : cpu.arm_sha2 ? "arm-sha2" : "portable");
}

// From any state, over any number of blocks, none included.
TEST(Sha256, PickedCompressionEqualsPortableOnRandomInput) {
    std::mt19937 random(180402);
    for (int round = 0; round < 2000; ++round) {
        const std::size_t count = random() % 6;
        std::vector<std::uint8_t> blocks(64 * count + 1);
        for (auto& byte : blocks) byte = static_cast<std::uint8_t>(random());
        State a{};
        for (auto& word : a) word = static_cast<std::uint32_t>(random());
        State b = a;
        compress(a, blocks.data() + 1, count);  // at an odd address
        compress_portable(b, blocks.data() + 1, count);
        ASSERT_EQ(a, b) << compress_name() << ", " << count << " blocks";
    }
}

void forgets_the_second_block(State& state, const std::uint8_t* blocks, std::size_t) {
    compress_portable(state, blocks, 1);
}
void flips_a_bit(State& state, const std::uint8_t* blocks, std::size_t count) {
    compress_portable(state, blocks, count);
    state[7] ^= 1;
}

// What compress() picks among is tested first, so that a compiler's or a CPU's fault costs speed, not blocks.
TEST(Sha256, ACompressionThatIsWrongIsNotUsed) {
    EXPECT_TRUE(passes_self_test(compress_portable));
    EXPECT_TRUE(passes_self_test(compress));
    EXPECT_FALSE(passes_self_test(flips_a_bit));
    EXPECT_FALSE(passes_self_test(forgets_the_second_block));
    constexpr Compress kSome[] = {flips_a_bit, compress, compress_portable};
    EXPECT_EQ(first_working(kSome), &compress);
    EXPECT_EQ(first_working(std::span(kSome).first(1)), &compress_portable);
}

void forgets_the_second(State& a, State&, const std::uint8_t* block_a, const std::uint8_t*) {
    compress_portable(a, block_a, 1);
}
void one_after_the_other(State& a, State& b, const std::uint8_t* block_a, const std::uint8_t* block_b) {
    compress_portable(a, block_a, 1);
    compress_portable(b, block_b, 1);
}

TEST(Sha256, ACompressionOfTwoIsTested) {
    EXPECT_TRUE(passes_self_test(one_after_the_other));
    EXPECT_FALSE(passes_self_test(forgets_the_second));
#if defined(__x86_64__)
    if (cpu_features().sha_ni) {
        EXPECT_TRUE(passes_self_test(compress_two_sha_ni));
    }
#elif defined(__aarch64__)
    if (cpu_features().arm_sha2) {
        EXPECT_TRUE(passes_self_test(compress_two_arm_sha2));
    }
#endif
}

// Of every count, so with and without one left over; records of a store are 84 bytes apart.
TEST(HashHeaders, EqualOneByOne) {
    std::mt19937 random(84);
    std::vector<std::uint8_t> bytes(9 * 84);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    for (const std::size_t stride : {80u, 84u})
        for (std::size_t count = 0; count <= 9; ++count) {
            std::vector<Hash256> hashes(count + 1);
            hash_headers(bytes, stride, std::span(hashes).first(count));
            for (std::size_t i = 0; i < count; ++i)
                ASSERT_EQ(hashes[i], sha256d(std::span(bytes).subspan(i * stride, 80)))
                    << i << " of " << count;
            EXPECT_TRUE(hashes[count].is_zero());
        }
}

// The genesis block's header, hash from Bitcoin Core's chainparams.
TEST(Sha256, GenesisHeader) {
    std::array<std::uint8_t, 80> raw{1};
    const std::string merkle = "3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a";
    for (std::size_t i = 0; i < 32; ++i)
        raw[36 + i] = static_cast<std::uint8_t>(std::stoi(merkle.substr(2 * i, 2), nullptr, 16));
    const std::array<std::uint8_t, 12> rest = {0x29, 0xab, 0x5f, 0x49, 0xff, 0xff,
                                               0x00, 0x1d, 0x1d, 0xac, 0x2b, 0x7c};
    std::ranges::copy(rest, raw.begin() + 68);
    const Hash256 hash = hash_header(raw);
    EXPECT_EQ(hex(hash.bytes), "6fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000");
    EXPECT_EQ(hash, sha256d(raw));
    EXPECT_EQ(hash, sha256d(std::span(raw).first(33), std::span(raw).subspan(33)));
}

TEST(CpuFeatures, HasABrandAndIsConsistent) {
    EXPECT_FALSE(cpu_features().brand.empty());
    if (cpu_features().avx512) {
        EXPECT_TRUE(cpu_features().avx2);
    }
}

}  // namespace
}  // namespace lode::crypto
