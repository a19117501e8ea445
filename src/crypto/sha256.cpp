#include "crypto/sha256.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "crypto/cpu_features.h"
#include "crypto/self_test.h"
#include "kernels/sha256_constants.h"

namespace lode::crypto {

#if defined(__x86_64__)
void compress_sha_ni(State& state, const std::uint8_t* blocks, std::size_t count);  // sha256_ni.cpp
#elif defined(__aarch64__)
void compress_arm_sha2(State& state, const std::uint8_t* blocks, std::size_t count);  // sha256_arm.cpp
#endif

namespace {

constexpr std::array<std::uint32_t, 64> kRound = {LODE_SHA256_K};

std::uint32_t load_be(const std::uint8_t* p) {
    return static_cast<std::uint32_t>(p[0]) << 24 | static_cast<std::uint32_t>(p[1]) << 16 |
           static_cast<std::uint32_t>(p[2]) << 8 | p[3];
}

// As one word: GCC vectorizes single bytes, which is three times slower.
void store_be(std::uint8_t* p, std::uint32_t v) {
    if constexpr (std::endian::native == std::endian::little) v = __builtin_bswap32(v);
    std::memcpy(p, &v, sizeof v);
}

Compress pick() {
#if defined(__x86_64__)
    constexpr Compress kFast[] = {compress_sha_ni};
    if (cpu_features().sha_ni) return first_working(kFast);
#elif defined(__aarch64__)
    constexpr Compress kFast[] = {compress_arm_sha2};
    if (cpu_features().arm_sha2) return first_working(kFast);
#endif
    return compress_portable;
}

Compress picked() {
    static const Compress function = pick();
    return function;
}

void store_state(const State& state, std::uint8_t* out) {
    for (std::size_t i = 0; i < 8; ++i) store_be(out + 4 * i, state[i]);
}

}  // namespace

void compress_portable(State& state, const std::uint8_t* blocks, std::size_t count) {
    for (; count > 0; --count, blocks += 64) {
        std::array<std::uint32_t, 64> w{};
        for (std::size_t i = 0; i < 16; ++i) w[i] = load_be(blocks + 4 * i);
        for (std::size_t i = 16; i < 64; ++i) {
            const std::uint32_t s0 = std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ (w[i - 15] >> 3);
            const std::uint32_t s1 = std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ (w[i - 2] >> 10);
            w[i] = w[i - 16] + s0 + w[i - 7] + s1;
        }
        auto [a, b, c, d, e, f, g, h] = state;
        for (std::size_t i = 0; i < 64; ++i) {
            const std::uint32_t big1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
            const std::uint32_t t1 = h + big1 + ((e & f) ^ (~e & g)) + kRound[i] + w[i];
            const std::uint32_t big0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
            const std::uint32_t t2 = big0 + ((a & b) ^ (a & c) ^ (b & c));
            h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
        }
        const State add = {a, b, c, d, e, f, g, h};
        for (std::size_t i = 0; i < 8; ++i) state[i] += add[i];
    }
}

void compress(State& state, const std::uint8_t* blocks, std::size_t count) {
    picked()(state, blocks, count);
}

const char* compress_name() {
    if (picked() == compress_portable) return "portable";
    return cpu_features().arm_sha2 ? "arm-sha2" : "sha-ni";
}

Sha256& Sha256::write(std::span<const std::uint8_t> data) {
    const std::size_t held = size_ % 64;
    size_ += data.size();
    if (held > 0) {
        const std::size_t take = std::min(data.size(), 64 - held);
        std::copy_n(data.begin(), take, buffer_.begin() + static_cast<std::ptrdiff_t>(held));
        data = data.subspan(take);
        if (held + take < 64) return *this;
        compress(state_, buffer_.data(), 1);
    }
    const std::size_t whole = data.size() / 64;
    if (whole > 0) compress(state_, data.data(), whole);
    data = data.subspan(64 * whole);
    std::copy(data.begin(), data.end(), buffer_.begin());
    return *this;
}

std::array<std::uint8_t, 32> Sha256::finish() {
    const std::uint64_t bit_count = size_ * 8;
    std::array<std::uint8_t, 72> padding{0x80};
    const std::size_t zeros_end = 1 + (119 - size_ % 64) % 64;  // so that the length completes a block
    store_be(padding.data() + zeros_end, static_cast<std::uint32_t>(bit_count >> 32));
    store_be(padding.data() + zeros_end + 4, static_cast<std::uint32_t>(bit_count));
    write({padding.data(), zeros_end + 8});
    std::array<std::uint8_t, 32> out{};
    store_state(state_, out.data());
    return out;
}

std::array<std::uint8_t, 32> sha256(std::span<const std::uint8_t> data) {
    return Sha256().write(data).finish();
}

Hash256 sha256d(std::span<const std::uint8_t> data) {
    return {sha256(sha256(data))};
}

Hash256 sha256d(std::span<const std::uint8_t> left, std::span<const std::uint8_t> right) {
    return {sha256(Sha256().write(left).write(right).finish())};
}

Hash256 hash_header(std::span<const std::uint8_t, kHeaderSize> raw) {
    State state = kInitialState;
    std::array<std::uint8_t, 128> padded{};
    std::copy(raw.begin(), raw.end(), padded.begin());
    padded[80] = 0x80;
    padded[126] = 0x02;  // 640 bits
    padded[127] = 0x80;
    compress(state, padded.data(), 2);
    std::array<std::uint8_t, 64> second{};
    store_state(state, second.data());
    second[32] = 0x80;
    second[62] = 0x01;  // 256 bits
    state = kInitialState;
    compress(state, second.data(), 1);
    Hash256 hash;
    store_state(state, hash.bytes.data());
    return hash;
}

State midstate(std::span<const std::uint8_t, 64> first_chunk) {
    State state = kInitialState;
    compress(state, first_chunk.data(), 1);
    return state;
}

}  // namespace lode::crypto
