// What the host computes once per scan for the rounds of sha256_rounds.h. C99, words only: the same bytes in
// C++, CUDA and OpenCL C.
#ifndef LODE_SHA256_PREPARED_H
#define LODE_SHA256_PREPARED_H

#ifdef __OPENCL_VERSION__
typedef uint lode_u32;
#else
#include <stdint.h>
typedef uint32_t lode_u32;
#endif

// The same for every nonce of a scan. The first chunk's W is the header's: W[0..2] = tail, W[3] the nonce.
typedef struct {
    lode_u32 w16, w17;            // they depend on the tail alone
    lode_u32 kw16, kw17;          // plus K
    lode_u32 c18, c19, c31, c32;  // what the tail contributes to W[18], W[19], W[31], W[32]
} lode_common;

// The same for every nonce of a scan, for one midstate. Rounds 0 to 2 are done; round 3 only adds W[3].
typedef struct {
    lode_u32 a4, e4;              // a and e before round 4, minus W[3]
    lode_u32 b4, c4, d4, f4, g4;  // the others
    lode_u32 hkw4, hkw5, hkw6;    // h + K + W of the rounds whose h is still the midstate's
    lode_u32 mid[8];              // the midstate, added at the end
} lode_variant;

#endif
