// SHA-256d of the second half of a block header, written once: C++ for the host's tests, CUDA and OpenCL C.
//
// Per nonce, lode_schedule() runs once for all variants, then lode_first_hash() and lode_second_hash() for
// each. Whatever is the same for every nonce is in lode_common and lode_variant, which the host computes once
// per scan: see kernels/prepare.h.
//
// C99. A language may define these hooks before it includes the file:
//   LODE_WORD            an unsigned 32-bit word, or a vector of them
//   LODE_FN, LODE_TABLE  qualifiers of functions and of tables of constants
//   LODE_SPACE           the address space of lode_common and lode_variant
//   LODE_PARAMETERS      extra parameters of the three functions for the hooks, each preceded by a comma
//   LODE_ADD, LODE_ADD3  sums of two and three words modulo 2^32; the second operand of LODE_ADD_K is a
//   constant,
//                        of LODE_ADD_U a word that is the same for every nonce
//   LODE_ROTR, LODE_SHR  rotation and shift to the right by a constant
//   LODE_XOR3, LODE_CH, LODE_MAJ
//   LODE_T1              T1 of a round
//   LODE_ROUND_PLUS, LODE_ROUND_E_PLUS   a round whose constant is not yet in the sum that it is given
//   LODE_KW, LODE_ROUND_KW  what the schedule of the first hash keeps of W[i], and the round that uses it
//   LODE_ROUNDS_24_TO_63 those rounds of the first hash, which differ only in their kw
// Operands are variables and constants, so a hook may evaluate them twice. Arrays are indexed by constants
// only: every compiler then keeps them in registers, without a loop that it would have to unroll.
#ifndef LODE_SHA256_ROUNDS_H
#define LODE_SHA256_ROUNDS_H

#include "kernels/sha256_constants.h"
#include "kernels/sha256_prepared.h"

#ifndef LODE_WORD
#define LODE_WORD lode_u32
#endif
#ifndef LODE_FN
#define LODE_FN static inline
#endif
#ifndef LODE_TABLE
#define LODE_TABLE static const
#endif
#ifndef LODE_SPACE
#define LODE_SPACE
#endif
#ifndef LODE_PARAMETERS
#define LODE_PARAMETERS
#endif
#ifndef LODE_ADD
#define LODE_ADD(x, y) ((x) + (y))
#endif
#ifndef LODE_ADD3
#define LODE_ADD3(x, y, z) LODE_ADD(LODE_ADD(x, y), z)
#endif
#ifndef LODE_ADD_K
#define LODE_ADD_K(x, k) LODE_ADD(x, k)
#endif
#ifndef LODE_ADD_U
#define LODE_ADD_U(x, u) LODE_ADD(x, u)
#endif
#ifndef LODE_ROTR
#define LODE_ROTR(x, n) ((x) >> (n) | (x) << (32 - (n)))
#endif
#ifndef LODE_SHR
#define LODE_SHR(x, n) ((x) >> (n))
#endif
#ifndef LODE_XOR3
#define LODE_XOR3(x, y, z) ((x) ^ (y) ^ (z))
#endif
#ifndef LODE_CH
#define LODE_CH(e, f, g) ((g) ^ ((e) & ((f) ^ (g))))
#endif
#ifndef LODE_MAJ
#define LODE_MAJ(a, b, c) (((a) & (b)) | ((c) & ((a) | (b))))
#endif

// FIPS 180-4, 4.1.2. No two distances are the same, so that a hook can identify the operation by its
// distance.
#define LODE_SUM0(x) LODE_XOR3(LODE_ROTR(x, 2), LODE_ROTR(x, 13), LODE_ROTR(x, 22))
#define LODE_SUM1(x) LODE_XOR3(LODE_ROTR(x, 6), LODE_ROTR(x, 11), LODE_ROTR(x, 25))
#define LODE_SIGMA0(x) LODE_XOR3(LODE_ROTR(x, 7), LODE_ROTR(x, 18), LODE_SHR(x, 3))
#define LODE_SIGMA1(x) LODE_XOR3(LODE_ROTR(x, 17), LODE_ROTR(x, 19), LODE_SHR(x, 10))

// Registers a to h before round i: indices rotate, the words are not moved.
#define LODE_A(s, i) s[(64 - (i)) % 8]
#define LODE_B(s, i) s[(65 - (i)) % 8]
#define LODE_C(s, i) s[(66 - (i)) % 8]
#define LODE_D(s, i) s[(67 - (i)) % 8]
#define LODE_E(s, i) s[(68 - (i)) % 8]
#define LODE_F(s, i) s[(69 - (i)) % 8]
#define LODE_G(s, i) s[(70 - (i)) % 8]
#define LODE_H(s, i) s[(71 - (i)) % 8]

// Round i; hkw = h + K[i] + W[i], t1 and e its sums.
#define LODE_ROUND_OF(s, i, sum, e)                                                                     \
    {                                                                                                   \
        const LODE_WORD t1 = sum;                                                                       \
        LODE_D(s, i) = e;                                                                               \
        LODE_H(s, i) =                                                                                  \
            LODE_ADD3(t1, LODE_SUM0(LODE_A(s, i)), LODE_MAJ(LODE_A(s, i), LODE_B(s, i), LODE_C(s, i))); \
    }
#define LODE_CHOICE(s, i) LODE_CH(LODE_E(s, i), LODE_F(s, i), LODE_G(s, i))
#ifndef LODE_T1
#define LODE_T1(s, i, hkw) LODE_ADD3(hkw, LODE_SUM1(LODE_E(s, i)), LODE_CHOICE(s, i))
#endif
#define LODE_ROUND(s, i, hkw) LODE_ROUND_OF(s, i, LODE_T1(s, i, hkw), LODE_ADD(LODE_D(s, i), t1))
// The same if d is a constant.
#define LODE_ROUND_K(s, i, hkw) LODE_ROUND_OF(s, i, LODE_T1(s, i, hkw), LODE_ADD_K(t1, LODE_D(s, i)))
// The same if hkw and d are the same for every nonce.
#define LODE_ROUND_U(s, i, hkw)                                                                \
    LODE_ROUND_OF(s, i, LODE_ADD(LODE_ADD_U(LODE_SUM1(LODE_E(s, i)), hkw), LODE_CHOICE(s, i)), \
                  LODE_ADD_U(t1, LODE_D(s, i)))
// The same if the new a is not needed.
#define LODE_ROUND_E(s, i, hkw)                    \
    {                                              \
        const LODE_WORD t1 = LODE_T1(s, i, hkw);   \
        LODE_D(s, i) = LODE_ADD(LODE_D(s, i), t1); \
    }
// The same two with hw = h + W[i] and the constant k, K[i] above all, apart.
#ifndef LODE_ROUND_PLUS
#define LODE_ROUND_PLUS(s, i, hw, k) LODE_ROUND(s, i, LODE_ADD_K(hw, k))
#define LODE_ROUND_E_PLUS(s, i, hw, k) LODE_ROUND_E(s, i, LODE_ADD_K(hw, k))
#endif

LODE_TABLE lode_u32 lode_k[64] = {LODE_SHA256_K};

#define LODE_X2(f, i) f(i) f((i) + 1)
#define LODE_X4(f, i) LODE_X2(f, i) LODE_X2(f, (i) + 2)
#define LODE_X8(f, i) LODE_X4(f, i) LODE_X4(f, (i) + 4)
#define LODE_X16(f, i) LODE_X8(f, i) LODE_X8(f, (i) + 8)

// W[i] takes the place of W[i - 16] in a ring of 16.
#define LODE_W(i) w[(i) % 16]
#define LODE_STEP(i)                                                                          \
    LODE_W(i) = LODE_ADD(LODE_ADD3(LODE_W(i), LODE_W((i) + 9), LODE_SIGMA0(LODE_W((i) + 1))), \
                         LODE_SIGMA1(LODE_W((i) + 14)));

// kw[i] = K[i] + W[i] of the first hash for i = 18 … 63. w3: the nonce as the header's fourth word,
// byte-swapped. Here W[4] = 0x80000000, W[5 … 14] = 0 and W[15] = 640, the length in bits.
LODE_FN void lode_schedule(const LODE_SPACE lode_common* c, LODE_WORD w3, LODE_WORD kw[64] LODE_PARAMETERS) {
    LODE_WORD w[16];
    LODE_W(18) = LODE_ADD_U(LODE_SIGMA0(w3), c->c18);
    LODE_W(19) = LODE_ADD_U(w3, c->c19);
    LODE_W(20) = LODE_ADD_K(LODE_SIGMA1(LODE_W(18)), 0x80000000u);
    LODE_W(21) = LODE_SIGMA1(LODE_W(19));
    LODE_W(22) = LODE_ADD_K(LODE_SIGMA1(LODE_W(20)), 640u);
    LODE_W(23) = LODE_ADD_U(LODE_SIGMA1(LODE_W(21)), c->w16);
    LODE_W(24) = LODE_ADD_U(LODE_SIGMA1(LODE_W(22)), c->w17);
    LODE_W(25) = LODE_ADD(LODE_SIGMA1(LODE_W(23)), LODE_W(18));
    LODE_W(26) = LODE_ADD(LODE_SIGMA1(LODE_W(24)), LODE_W(19));
    LODE_W(27) = LODE_ADD(LODE_SIGMA1(LODE_W(25)), LODE_W(20));
    LODE_W(28) = LODE_ADD(LODE_SIGMA1(LODE_W(26)), LODE_W(21));
    LODE_W(29) = LODE_ADD(LODE_SIGMA1(LODE_W(27)), LODE_W(22));
    LODE_W(30) = LODE_ADD_K(LODE_ADD(LODE_SIGMA1(LODE_W(28)), LODE_W(23)), 0x00a00055u);  // sigma0(640)
    LODE_W(31) = LODE_ADD_U(LODE_ADD(LODE_SIGMA1(LODE_W(29)), LODE_W(24)), c->c31);
#ifndef LODE_KW
#define LODE_KW(i) LODE_ADD_K(LODE_W(i), lode_k[i])
#endif
#define LODE_KEEP_KW(i) kw[i] = LODE_KW(i);
    LODE_X8(LODE_KEEP_KW, 18);
    LODE_X4(LODE_KEEP_KW, 26);
    LODE_X2(LODE_KEEP_KW, 30);
    LODE_W(32) = LODE_ADD_U(LODE_ADD(LODE_SIGMA1(LODE_W(30)), LODE_W(25)), c->c32);
    LODE_W(33) = LODE_ADD_U(LODE_ADD3(LODE_SIGMA1(LODE_W(31)), LODE_W(26), LODE_SIGMA0(LODE_W(18))), c->w17);
    LODE_X2(LODE_KEEP_KW, 32);
#define LODE_STEP_KW(i) LODE_STEP(i) LODE_KEEP_KW(i)
    LODE_X16(LODE_STEP_KW, 34);
    LODE_X8(LODE_STEP_KW, 50);
    LODE_X4(LODE_STEP_KW, 58);
    LODE_X2(LODE_STEP_KW, 62);
}

// The first hash from round 3 on: the eight words of SHA-256(header).
LODE_FN void lode_first_hash(const LODE_SPACE lode_common* c, const LODE_SPACE lode_variant* v, LODE_WORD w3,
                             const LODE_WORD kw[64], LODE_WORD s[8] LODE_PARAMETERS) {
    LODE_A(s, 4) = LODE_ADD_U(w3, v->a4);
    LODE_B(s, 4) = v->b4;
    LODE_C(s, 4) = v->c4;
    LODE_D(s, 4) = v->d4;
    LODE_E(s, 4) = LODE_ADD_U(w3, v->e4);
    LODE_F(s, 4) = v->f4;
    LODE_G(s, 4) = v->g4;
    LODE_ROUND_U(s, 4, v->hkw4);
    LODE_ROUND_U(s, 5, v->hkw5);
    LODE_ROUND_U(s, 6, v->hkw6);
#define LODE_ROUND_CONSTANT(i) LODE_ROUND(s, i, LODE_ADD_K(LODE_H(s, i), lode_k[i]))
    LODE_X8(LODE_ROUND_CONSTANT, 7);
    LODE_ROUND(s, 15, LODE_ADD_K(LODE_H(s, 15), lode_k[15] + 640u));
    LODE_ROUND(s, 16, LODE_ADD_U(LODE_H(s, 16), c->kw16));
    LODE_ROUND(s, 17, LODE_ADD_U(LODE_H(s, 17), c->kw17));
#ifndef LODE_ROUND_KW
#define LODE_ROUND_KW(i) LODE_ROUND(s, i, LODE_ADD(LODE_H(s, i), kw[i]))
#endif
#ifndef LODE_ROUNDS_24_TO_63
#define LODE_ROUNDS_24_TO_63(s, kw) \
    LODE_X16(LODE_ROUND_KW, 24);    \
    LODE_X16(LODE_ROUND_KW, 40);    \
    LODE_X8(LODE_ROUND_KW, 56)
#endif
    LODE_X4(LODE_ROUND_KW, 18);
    LODE_X2(LODE_ROUND_KW, 22);
    LODE_ROUNDS_24_TO_63(s, kw);
#define LODE_FEED_FORWARD(i) s[i] = LODE_ADD_U(s[i], v->mid[i]);
    LODE_X8(LODE_FEED_FORWARD, 0);
}

// The last word, H7, of SHA-256(SHA-256(header)); w[0 … 7] hold the first hash and are overwritten. H7 is the
// e of round 60, which three rounds later is h, plus its initial value; later rounds are not needed, and of
// rounds 57 to 60 only e is. Here W[8] = 0x80000000, W[9 … 14] = 0 and W[15] = 256; rounds 0 to 3 start from
// constants.
LODE_FN LODE_WORD lode_second_hash(LODE_WORD w[16] LODE_PARAMETERS) {
    LODE_WORD s[8];
    LODE_A(s, 1) = LODE_ADD_K(w[0], 0xfc08884du);  // T1 + T2 of round 0, minus W[0]
    LODE_B(s, 1) = 0x6a09e667u;
    LODE_C(s, 1) = 0xbb67ae85u;
    LODE_D(s, 1) = 0x3c6ef372u;
    LODE_E(s, 1) = LODE_ADD_K(w[0], 0x98c7e2a2u);  // T1 + d of round 0, minus W[0]
    LODE_F(s, 1) = 0x510e527fu;
    LODE_G(s, 1) = 0x9b05688cu;
    LODE_ROUND_K(s, 1, LODE_ADD_K(w[1], lode_k[1] + 0x1f83d9abu));
    LODE_ROUND_K(s, 2, LODE_ADD_K(w[2], lode_k[2] + 0x9b05688cu));
    LODE_ROUND_K(s, 3, LODE_ADD_K(w[3], lode_k[3] + 0x510e527fu));
#define LODE_HW(i) LODE_ADD(LODE_H(s, i), LODE_W(i))
#define LODE_ROUND_W(i) LODE_ROUND_PLUS(s, i, LODE_HW(i), lode_k[i])
    LODE_X4(LODE_ROUND_W, 4);
    LODE_ROUND(s, 8, LODE_ADD_K(LODE_H(s, 8), lode_k[8] + 0x80000000u));
    LODE_X4(LODE_ROUND_CONSTANT, 9);
    LODE_X2(LODE_ROUND_CONSTANT, 13);
    LODE_ROUND(s, 15, LODE_ADD_K(LODE_H(s, 15), lode_k[15] + 256u));

    LODE_W(16) = LODE_ADD(w[0], LODE_SIGMA0(w[1]));
    LODE_W(17) = LODE_ADD_K(LODE_ADD(w[1], LODE_SIGMA0(w[2])), 0x00a00000u);  // sigma1(256)
    LODE_X2(LODE_ROUND_W, 16);
#define LODE_STEP_18(i) \
    LODE_W(i) = LODE_ADD3(LODE_W(i), LODE_SIGMA0(LODE_W((i) + 1)), LODE_SIGMA1(LODE_W((i) + 14)));
    LODE_X4(LODE_STEP_18, 18);
    LODE_W(22) = LODE_ADD_K(LODE_ADD3(w[6], LODE_SIGMA0(w[7]), LODE_SIGMA1(LODE_W(20))), 256u);
    LODE_W(23) =
        LODE_ADD_K(LODE_ADD3(w[7], LODE_W(16), LODE_SIGMA1(LODE_W(21))), 0x11002000u);  // sigma0(W[8])
    LODE_W(24) = LODE_ADD_K(LODE_ADD(LODE_SIGMA1(LODE_W(22)), LODE_W(17)), 0x80000000u);
#define LODE_STEP_25(i) LODE_W(i) = LODE_ADD(LODE_SIGMA1(LODE_W((i) + 14)), LODE_W((i) + 9));
    LODE_X4(LODE_STEP_25, 25);
    LODE_STEP_25(29);
    LODE_W(30) = LODE_ADD_K(LODE_ADD(LODE_SIGMA1(LODE_W(28)), LODE_W(23)), 0x00400022u);  // sigma0(256)
    LODE_W(31) = LODE_ADD_K(LODE_ADD3(LODE_SIGMA1(LODE_W(29)), LODE_W(24), LODE_SIGMA0(LODE_W(16))), 256u);
    LODE_X8(LODE_ROUND_W, 18);
    LODE_X4(LODE_ROUND_W, 26);
    LODE_X2(LODE_ROUND_W, 30);
#define LODE_STEP_ROUND(i) LODE_STEP(i) LODE_ROUND_W(i)
    LODE_X16(LODE_STEP_ROUND, 32);
    LODE_X8(LODE_STEP_ROUND, 48);
    LODE_STEP_ROUND(56);
#define LODE_STEP_ROUND_E(i) LODE_STEP(i) LODE_ROUND_E_PLUS(s, i, LODE_HW(i), lode_k[i])
    LODE_X2(LODE_STEP_ROUND_E, 57);
    LODE_STEP_ROUND_E(59);
    LODE_STEP(60);
    LODE_ROUND_E_PLUS(s, 60, LODE_HW(60), lode_k[60] + 0x5be0cd19u);
    return LODE_E(s, 61);
}

#endif
