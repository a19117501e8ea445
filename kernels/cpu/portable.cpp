// The reference: SHA-256d of the header as in FIPS 180-4, without shortcuts. Every other kernel is compared
// with it.
#include <array>
#include <bit>
#include <cstdint>

#include "kernels/cpu/kernels.h"
#include "kernels/sha256_constants.h"

namespace lode::kernels {
namespace {

using Words = std::array<std::uint32_t, 8>;

constexpr std::array<std::uint32_t, 64> kRound = {LODE_SHA256_K};
constexpr Words kInitial = {LODE_SHA256_IV};

Words compress(const Words& in, const std::array<std::uint32_t, 16>& block) {
    std::array<std::uint32_t, 16> w = block;
    auto [a, b, c, d, e, f, g, h] = in;
    for (unsigned i = 0; i < 64; ++i) {
        if (i >= 16) {
            const std::uint32_t x = w[(i + 1) % 16], y = w[(i + 14) % 16];
            w[i % 16] += (std::rotr(x, 7) ^ std::rotr(x, 18) ^ (x >> 3)) + w[(i + 9) % 16] +
                         (std::rotr(y, 17) ^ std::rotr(y, 19) ^ (y >> 10));
        }
        const std::uint32_t t1 = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) +
                                 (g ^ (e & (f ^ g))) + kRound[i] + w[i % 16];
        const std::uint32_t t2 =
            (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) | (c & (a | b)));
        h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
    }
    return {in[0] + a, in[1] + b, in[2] + c, in[3] + d, in[4] + e, in[5] + f, in[6] + g, in[7] + h};
}

std::uint32_t byte_swap(std::uint32_t x) {
    return x << 24 | (x & 0xff00u) << 8 | (x >> 8 & 0xff00u) | x >> 24;
}

}  // namespace

void scan_portable(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result) {
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto nonce = static_cast<std::uint32_t>(first + i);
        const std::array<std::uint32_t, 16> chunk = {input.tail[0],
                                                     input.tail[1],
                                                     input.tail[2],
                                                     byte_swap(nonce),
                                                     0x80000000u,
                                                     0,
                                                     0,
                                                     0,
                                                     0,
                                                     0,
                                                     0,
                                                     0,
                                                     0,
                                                     0,
                                                     0,
                                                     80 * 8};
        for (std::uint32_t v = 0; v < input.variants; ++v) {
            const Words inner = compress(input.midstate[v], chunk);
            const Words outer =
                compress(kInitial, {inner[0], inner[1], inner[2], inner[3], inner[4], inner[5], inner[6],
                                    inner[7], 0x80000000u, 0, 0, 0, 0, 0, 0, 32 * 8});
            if (byte_swap(outer[7]) <= input.max_top) result.add(nonce, v);
        }
    }
}

}  // namespace lode::kernels
