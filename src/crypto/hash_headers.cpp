#include "crypto/hash_headers.h"

#include <array>
#include <bit>
#include <cstring>

#include "crypto/cpu_features.h"
#include "crypto/self_test.h"
#include "crypto/sha256.h"

namespace lode::crypto {

#if defined(__x86_64__)
void compress_two_sha_ni(State& a, State& b, const std::uint8_t* block_a,
                         const std::uint8_t* block_b);  // sha256_ni.cpp
#elif defined(__aarch64__)
void compress_two_arm_sha2(State& a, State& b, const std::uint8_t* block_a,
                           const std::uint8_t* block_b);  // sha256_arm.cpp
#endif

namespace {

CompressTwo pick() {
#if defined(__x86_64__)
    if (cpu_features().sha_ni && passes_self_test(compress_two_sha_ni)) return compress_two_sha_ni;
#elif defined(__aarch64__)
    if (cpu_features().arm_sha2 && passes_self_test(compress_two_arm_sha2)) return compress_two_arm_sha2;
#endif
    return nullptr;
}

using Block = std::array<std::uint8_t, 64>;

// The last 16 bytes of a header and the padding after 80.
Block second_block(const std::uint8_t* header) {
    Block block{};
    std::memcpy(block.data(), header + 64, kHeaderSize - 64);
    block[16] = 0x80;
    block[62] = 0x02;  // 640 bits
    block[63] = 0x80;
    return block;
}

void store(const State& state, std::uint8_t* out) {
    for (std::uint32_t word : state) {
        if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap32(word);
        std::memcpy(out, &word, sizeof word);
        out += sizeof word;
    }
}

// The first hash and the padding after 32 bytes.
Block third_block(const State& state) {
    Block block{};
    store(state, block.data());
    block[32] = 0x80;
    block[62] = 0x01;  // 256 bits
    return block;
}

void hash_two(CompressTwo compress, const std::uint8_t* a, const std::uint8_t* b, Hash256* hashes) {
    State state_a = kInitialState, state_b = kInitialState;
    compress(state_a, state_b, a, b);
    compress(state_a, state_b, second_block(a).data(), second_block(b).data());
    const Block third_a = third_block(state_a), third_b = third_block(state_b);
    state_a = state_b = kInitialState;
    compress(state_a, state_b, third_a.data(), third_b.data());
    store(state_a, hashes[0].bytes.data());
    store(state_b, hashes[1].bytes.data());
}

}  // namespace

void hash_headers(std::span<const std::uint8_t> bytes, std::size_t stride, std::span<Hash256> hashes) {
    static const CompressTwo compress = pick();
    std::size_t i = 0;
    if (compress != nullptr)
        for (; i + 1 < hashes.size(); i += 2)
            hash_two(compress, &bytes[i * stride], &bytes[(i + 1) * stride], &hashes[i]);
    for (; i < hashes.size(); ++i) hashes[i] = hash_header(bytes.subspan(i * stride).first<kHeaderSize>());
}

}  // namespace lode::crypto
