#include "kernels/prepare.h"

#include "kernels/sha256_rounds.h"

namespace lode::kernels {
namespace {

lode_common prepare_common(const std::array<std::uint32_t, 3>& tail) {
    const std::uint32_t w4 = 0x80000000u, w15 = 640;
    lode_common c{};
    c.w16 = tail[0] + LODE_SIGMA0(tail[1]);
    c.w17 = tail[1] + LODE_SIGMA0(tail[2]) + LODE_SIGMA1(w15);
    c.kw16 = c.w16 + lode_k[16];
    c.kw17 = c.w17 + lode_k[17];
    c.c18 = tail[2] + LODE_SIGMA1(c.w16);
    c.c19 = LODE_SIGMA0(w4) + LODE_SIGMA1(c.w17);
    c.c31 = w15 + LODE_SIGMA0(c.w16);
    c.c32 = c.w16 + LODE_SIGMA0(c.w17);
    return c;
}

lode_variant prepare_variant(const std::array<std::uint32_t, 8>& midstate,
                             const std::array<std::uint32_t, 3>& tail) {
    std::array<std::uint32_t, 8> s = midstate;
    for (unsigned i = 0; i < 3; ++i) LODE_ROUND(s, i, LODE_H(s, i) + lode_k[i] + tail[i])
    LODE_ROUND(s, 3, LODE_H(s, 3) + lode_k[3])
    lode_variant v{};
    v.a4 = LODE_A(s, 4);
    v.b4 = LODE_B(s, 4);
    v.c4 = LODE_C(s, 4);
    v.d4 = LODE_D(s, 4);
    v.e4 = LODE_E(s, 4);
    v.f4 = LODE_F(s, 4);
    v.g4 = LODE_G(s, 4);
    v.hkw4 = LODE_H(s, 4) + lode_k[4] + 0x80000000u;  // W[4]
    v.hkw5 = LODE_G(s, 4) + lode_k[5];
    v.hkw6 = LODE_F(s, 4) + lode_k[6];
    for (unsigned i = 0; i < 8; ++i) v.mid[i] = midstate[i];
    return v;
}

}  // namespace

Prepared prepare(const ScanInput& input) {
    Prepared prepared{};
    prepared.common = prepare_common(input.tail);
    for (std::uint32_t v = 0; v < input.variants; ++v)
        prepared.variant[v] = prepare_variant(input.midstate[v], input.tail);
    prepared.max_top = input.max_top;
    prepared.variants = input.variants;
    return prepared;
}

}  // namespace lode::kernels
