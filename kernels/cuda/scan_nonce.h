// What a thread computes: the hashes of one nonce. Shared by the GPU code and the host's tests.
#pragma once

#include <utility>

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
#define LODE_ADD_K(x, k) Ops::add_uniform(x, k)
#define LODE_ADD_U(x, u) Ops::add_uniform(x, u)
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

template <class Fixed, class Report>
LODE_DEVICE void scan_variant(const Prepared& p, std::uint32_t nonce, const std::uint32_t kw[64],
                              std::uint32_t v, const Report& report) {
    std::uint32_t w[16];
    lode_first_hash<Arithmetic<Fixed>>(&p.common, &p.variant[v], byte_swap(nonce), kw, w);
    if (byte_swap(lode_second_hash<Arithmetic<Fixed>>(w)) <= p.max_top) report(nonce, v);
}

// No loop, since a compiler may unroll one only partially.
template <class Fixed, class Report, std::uint32_t... variants>
LODE_DEVICE void scan_variants(const Prepared& p, std::uint32_t nonce, const std::uint32_t kw[64],
                               const Report& report, std::integer_sequence<std::uint32_t, variants...>) {
    (scan_variant<Fixed>(p, nonce, kw, variants, report), ...);
}

// Calls report(nonce, variant) for every hit. The variants of a straight-line shape are exactly `Variants`; a
// looped one takes as many as there are.
template <int Variants, class Fixed, class Report>
LODE_DEVICE void scan_nonce(const Prepared& p, std::uint32_t nonce, const Report& report) {
    std::uint32_t kw[64];
    lode_schedule<Arithmetic<Fixed>>(&p.common, byte_swap(nonce), kw);
    if constexpr (Fixed::shape.looped) {
        LODE_NO_UNROLL
        for (std::uint32_t v = 0; v < p.variants; ++v) scan_variant<Fixed>(p, nonce, kw, v, report);
    } else {
        scan_variants<Fixed>(p, nonce, kw, report, std::make_integer_sequence<std::uint32_t, Variants>());
    }
}

}  // namespace lode::kernels::cuda
