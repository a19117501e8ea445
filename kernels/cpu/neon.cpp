// Every 64-bit Arm CPU has NEON. A translation unit of its own all the same, like every vector kernel.
#include <arm_neon.h>
#include <stdint.h>

#include "kernels/cpu/lanes.h"

namespace lode::kernels {
namespace {

using Vector = uint32x4_t;
constexpr uint32_t kVectorLanes = 4;

LODE_INLINE Vector broadcast(uint32_t word) {
    return vdupq_n_u32(word);
}

LODE_INLINE Vector count_up() {
    return Vector{0, 1, 2, 3};
}

LODE_INLINE Vector add(Vector a, Vector b) {
    return vaddq_u32(a, b);
}

template <int distance>
LODE_INLINE Vector shift_right(Vector a) {
    return vshrq_n_u32(a, distance);
}

// SRI shifts to the right into the bits that the shift to the left has left free.
template <int distance>
LODE_INLINE Vector rotate_right(Vector a) {
    return vsriq_n_u32(vshlq_n_u32(a, 32 - distance), a, distance);
}

LODE_INLINE Vector exclusive_or(Vector a, Vector b, Vector c) {
    return veorq_u32(veorq_u32(a, b), c);
}

LODE_INLINE Vector choose(Vector e, Vector f, Vector g) {
    return vbslq_u32(e, f, g);
}

LODE_INLINE Vector majority(Vector a, Vector b, Vector c) {
    return vbslq_u32(veorq_u32(a, b), c, b);
}

LODE_INLINE Vector swap_bytes(Vector a) {
    return vreinterpretq_u32_u8(vrev32q_u8(vreinterpretq_u8_u32(a)));
}

LODE_INLINE uint32_t at_most(Vector a, Vector limits) {
    return vaddvq_u32(vandq_u32(vcleq_u32(a, limits), Vector{1, 2, 4, 8}));
}

}  // namespace
}  // namespace lode::kernels

#include "kernels/cpu/scan_lanes.h"

namespace lode::kernels {

void scan_lanes_neon(const LaneScan& scan) {
    scan_words(scan);
}

}  // namespace lode::kernels
