// What sha256_rounds.h leaves to the language, for OpenCL C.

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

// For GPUs whose multipliers stand idle otherwise: sums as multiplications by one; from 2 on the schedule's plain
// shifts as the high halves of products; at 3 the nearer rotations of its two sigmas as both halves. A distance
// says where it stands. powers: 1, 2^22, 2^29, 2^25, 2^15 as a kernel's argument, since a compiler that knew them
// would undo this.
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

#if defined(LODE_USE_BITALIGN)
#pragma OPENCL EXTENSION cl_amd_media_ops : enable
#define LODE_ROTR(a, n) amd_bitalign(a, a, (uint)(n))
#elif LODE_USE_MULTIPLY == 3
#define LODE_BOTH(a, power) ((a) * (power) + LODE_HIGH(a, power))
#define LODE_ROTR(a, n)                      \
    ((n) == 7    ? LODE_BOTH(a, powers.s3)   \
     : (n) == 17 ? LODE_BOTH(a, powers.s4)   \
                 : rotate(a, (LODE_WORD)(32 - (n))))
#else
#define LODE_ROTR(a, n) rotate(a, (LODE_WORD)(32 - (n)))
#endif
