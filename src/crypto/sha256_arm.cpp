// Compression by the SHA-2 instructions of Armv8 (Arm Architecture Reference Manual, SHA256H and its like).
// Compiled with -march=armv8-a+crypto; called only where cpu_features().arm_sha2 says so.
#include <arm_neon.h>
#include <cstddef>
#include <cstdint>

#include "crypto/sha256.h"
#include "kernels/sha256_constants.h"

namespace lode::crypto {
namespace {

alignas(16) constexpr std::uint32_t kRound[64] = {LODE_SHA256_K};

struct Lanes {
    uint32x4_t abcd, efgh;
};

inline Lanes load(const std::uint32_t* state) {
    return {vld1q_u32(state), vld1q_u32(state + 4)};
}

inline void store(const Lanes& lanes, std::uint32_t* state) {
    vst1q_u32(state, lanes.abcd);
    vst1q_u32(state + 4, lanes.efgh);
}

// A block for each of the states, which do not depend on each other: while one waits, the other goes on.
template <int kStates>
inline void compress_block(Lanes (&lanes)[kStates], const std::uint8_t* const (&blocks)[kStates]) {
    Lanes before[kStates];
    uint32x4_t w[kStates][4];
    for (int s = 0; s < kStates; ++s) {
        before[s] = lanes[s];
        for (int i = 0; i < 4; ++i) w[s][i] = vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(blocks[s] + 16 * i)));
    }
    for (int i = 0; i < 16; ++i) {  // four rounds a step
        for (int s = 0; s < kStates; ++s) {
            uint32x4_t& now = w[s][i % 4];
            if (i >= 4)
                now = vsha256su1q_u32(vsha256su0q_u32(now, w[s][(i + 1) % 4]), w[s][(i + 2) % 4],
                                      w[s][(i + 3) % 4]);
            const uint32x4_t kw = vaddq_u32(now, vld1q_u32(kRound + 4 * i)), abcd = lanes[s].abcd;
            lanes[s].abcd = vsha256hq_u32(abcd, lanes[s].efgh, kw);
            lanes[s].efgh = vsha256h2q_u32(lanes[s].efgh, abcd, kw);
        }
    }
    for (int s = 0; s < kStates; ++s) {
        lanes[s].abcd = vaddq_u32(lanes[s].abcd, before[s].abcd);
        lanes[s].efgh = vaddq_u32(lanes[s].efgh, before[s].efgh);
    }
}

}  // namespace

void compress_arm_sha2(State& state, const std::uint8_t* blocks, std::size_t count);
void compress_two_arm_sha2(State& a, State& b, const std::uint8_t* block_a, const std::uint8_t* block_b);

void compress_arm_sha2(State& state, const std::uint8_t* blocks, std::size_t count) {
    Lanes lanes[1] = {load(state.data())};
    for (; count > 0; --count, blocks += 64) compress_block<1>(lanes, {blocks});
    store(lanes[0], state.data());
}

void compress_two_arm_sha2(State& a, State& b, const std::uint8_t* block_a, const std::uint8_t* block_b) {
    Lanes lanes[2] = {load(a.data()), load(b.data())};
    compress_block<2>(lanes, {block_a, block_b});
    store(lanes[0], a.data());
    store(lanes[1], b.data());
}

}  // namespace lode::crypto
