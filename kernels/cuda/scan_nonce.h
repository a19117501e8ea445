// All that a thread computes: the hashes of one nonce. The same text for the GPU and for the host's tests.
#pragma once

#include "kernels/cuda/arithmetic.h"
#include "kernels/prepare.h"

#ifdef __CUDACC__
#define LODE_TABLE static constexpr __device__
#else
#define LODE_TABLE static constexpr
#endif
#define LODE_FN          \
    template <class Ops> \
    LODE_DEVICE
#define LODE_ADD(x, y) Ops::add(x, y)
#define LODE_ADD3(x, y, z) Ops::add3(x, y, z)
#define LODE_ADD_K(x, k) Ops::add_constant(x, k)
#define LODE_ROTR(x, n) Ops::template rotate<n>(x)
#define LODE_SHR(x, n) Ops::template shift<n>(x)
#include "kernels/sha256_rounds.h"

namespace lode::kernels::cuda {

LODE_DEVICE std::uint32_t byte_swap(std::uint32_t x) {
#ifdef __CUDACC__
    return __byte_perm(x, 0, 0x0123);
#else
    return x << 24 | (x & 0xff00u) << 8 | (x >> 8 & 0xff00u) | x >> 24;
#endif
}

// Calls report(nonce, variant) for every hit. The variants of a straight-line shape are exactly `Variants`; a
// looped one takes as many as there are.
template <int Variants, class Fixed, class Report>
LODE_DEVICE void scan_nonce(const Prepared& p, std::uint32_t nonce, Report report) {
    using Ops = Arithmetic<Fixed>;
    const std::uint32_t w3 = byte_swap(nonce);
    std::uint32_t kw[64];
    lode_schedule<Ops>(&p.common, w3, kw);
    const auto scan_variant = [&](std::uint32_t v) {
        std::uint32_t w[16];
        lode_first_hash<Ops>(&p.common, &p.variant[v], w3, kw, w);
        if (byte_swap(lode_second_hash<Ops>(w)) <= p.max_top) report(nonce, v);
    };
    if constexpr (Fixed::shape.looped) {
        LODE_NO_UNROLL
        for (std::uint32_t v = 0; v < p.variants; ++v) scan_variant(v);
    } else {
        LODE_FULL_UNROLL
        for (std::uint32_t v = 0; v < Variants; ++v) scan_variant(v);
    }
}

}  // namespace lode::kernels::cuda
