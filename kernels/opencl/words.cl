// The OpenCL C definitions of the hooks of sha256_rounds.h.

#define LODE_JOIN_(x, y) x##y
#define LODE_JOIN(x, y) LODE_JOIN_(x, y)

#if LODE_VECTOR == 1
#define LODE_WORD uint
#define LODE_LANES 0u
#define LODE_ANY(condition) (condition)
#define LODE_STORE_TOPS(tops, word) const uint tops[1] = {word}
#else
#define LODE_WORD LODE_JOIN(uint, LODE_VECTOR)
#define LODE_ANY(condition) any(condition)
#define LODE_STORE_TOPS(tops, word) \
    uint tops[LODE_VECTOR];         \
    LODE_JOIN(vstore, LODE_VECTOR)(word, 0, tops)
#endif
#if LODE_VECTOR == 2
#define LODE_LANES ((uint2)(0, 1))
#elif LODE_VECTOR == 4
#define LODE_LANES ((uint4)(0, 1, 2, 3))
#elif LODE_VECTOR == 8
#define LODE_LANES ((uint8)(0, 1, 2, 3, 4, 5, 6, 7))
#elif LODE_VECTOR == 16
#define LODE_LANES ((uint16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))
#endif

#define LODE_FN static inline
#define LODE_SPACE __constant
#define LODE_TABLE __constant
#ifdef LODE_USE_BITSELECT
#define LODE_CH(e, f, g) bitselect(g, f, e)
#define LODE_MAJ(a, b, c) bitselect(a, b, (a) ^ (c))
#endif

// For GPUs whose multipliers are otherwise idle: 1: sums as multiplications by one; 2: also the schedule's plain
// shifts as the high halves of products; 3: also one rotation of each of its two sigmas as both halves, identified by
// its distance. powers: 1, 2^22, 2^29, 2^25, 2^15 as a kernel's argument, since a compiler that knew their values would undo this.
#ifdef LODE_USE_MULTIPLY
#define LODE_PARAMETERS , const uint8 powers
#define LODE_ARGUMENTS , powers
#define LODE_ADD(a, b) ((a) * powers.s0 + (b))
#else
#define LODE_USE_MULTIPLY 0
#define LODE_ARGUMENTS
#endif
#if LODE_USE_MULTIPLY >= 2
#define LODE_HIGH(a, power) mul_hi(a, (LODE_WORD)(power))
#define LODE_SHR(a, n) LODE_HIGH(a, (n) == 3 ? powers.s2 : powers.s1)
#endif

// For GPUs that add three words at once (AMD's v_add3_u32, Intel's add3): K[i] comes last, where the sums of e and a
// have a place left, and W[i] is kept without it. From 2 on for AMD's that cannot xor three (GCN, CDNA): the last xor of
// a big sigma and the sum so far as one instruction (v_xad_u32). LODE_KEEP stops AMD's compiler, which defines the macro
// of its extension, from regrouping a sum.
#ifdef LODE_USE_ADD3
#ifdef cl_amd_media_ops
static inline uint lode_keep(uint x) {
    __asm("" : "+v"(x));
    return x;
}
#define LODE_KEEP(x) lode_keep(x)
#else
#define LODE_KEEP(x) (x)
#endif
#define LODE_T1(s, i, hw) LODE_ADD(LODE_KEEP(LODE_ADD(hw, LODE_CHOICE(s, i))), LODE_SUM1(LODE_E(s, i)))
#if LODE_USE_ADD3 >= 2
#define LODE_T1_SUM0(s, i) LODE_KEEP(LODE_ADD(t1, LODE_SUM0(LODE_A(s, i))))
#else
#define LODE_T1_SUM0(s, i) LODE_ADD(t1, LODE_SUM0(LODE_A(s, i)))
#endif
#define LODE_ROUND_E_PLUS(s, i, hw, k)                          \
    {                                                           \
        const LODE_WORD t1 = LODE_T1(s, i, hw);                 \
        LODE_D(s, i) = LODE_ADD3(LODE_D(s, i), t1, k);          \
    }
#define LODE_ROUND_PLUS(s, i, hw, k)                                                                             \
    {                                                                                                            \
        const LODE_WORD t1 = LODE_T1(s, i, hw);                                                                  \
        LODE_D(s, i) = LODE_ADD3(LODE_D(s, i), t1, k);                                                           \
        LODE_H(s, i) = LODE_ADD3(LODE_T1_SUM0(s, i), LODE_MAJ(LODE_A(s, i), LODE_B(s, i), LODE_C(s, i)), k);     \
    }
#define LODE_KW(i) LODE_W(i)
#define LODE_ROUND_KW(i) LODE_ROUND_PLUS(s, i, LODE_ADD(LODE_H(s, i), kw[i]), lode_k[i])
#endif

#if LODE_USE_MULTIPLY == 3
#define LODE_BOTH(a, power) ((a) * (power) + LODE_HIGH(a, power))
#define LODE_ROTR(a, n)                      \
    ((n) == 7    ? LODE_BOTH(a, powers.s3)   \
     : (n) == 17 ? LODE_BOTH(a, powers.s4)   \
                 : rotate(a, (LODE_WORD)(32 - (n))))
#else
#define LODE_ROTR(a, n) rotate(a, (LODE_WORD)(32 - (n)))
#endif
