// The nonce scan in OpenCL C 1.2. The host puts the headers that it needs before this text (EmbedSource.cmake)
// and defines
//   LODE_VECTOR          nonces per work-item, hashed together as one vector: 1, 2, 4, 8 or 16
//   LODE_WORK_GROUP      work-items per group
//   LODE_USE_BITSELECT   bitselect() for Ch and Maj
//   LODE_USE_ADD3        1 or 2: sums for GPUs that add three words at once (LODE_VECTOR 1), see words.cl
//   LODE_USE_MULTIPLY    1 to 3: increasingly many operations as multiplications, see words.cl

typedef struct {
    lode_common common;
    lode_variant variant[8];
    lode_u32 max_top;
    lode_u32 variants;
} lode_prepared;  // lode::kernels::Prepared

#define LODE_MAX_HITS 64

// out: the number of hits, low word and high word, then nonce and variant of each hit kept. Called rarely, so the atomics cost nothing.
static void report(__global uint* out, uint nonce, uint variant) {
    const uint at = atomic_inc(&out[0]);
    if (at == 0xffffffffu) atomic_inc(&out[1]);
    if (at < LODE_MAX_HITS) {
        out[2 + 2 * at] = nonce;
        out[3 + 2 * at] = variant;
    }
}

static LODE_WORD byte_swap(LODE_WORD x) {
    return rotate(x & 0x00ff00ffu, (LODE_WORD)24) | rotate(x & 0xff00ff00u, (LODE_WORD)8);
}

// Scans nonces first to first + last. The last group may compute more, which are not reported.
__kernel __attribute__((reqd_work_group_size(LODE_WORK_GROUP, 1, 1))) void scan(
    __constant lode_prepared* prepared, __global uint* out, uint first, uint last, uint8 powers) {
    const uint offset = (uint)get_global_id(0) * LODE_VECTOR;
    const LODE_WORD w3 = byte_swap(LODE_LANES + (first + offset));
    LODE_WORD kw[64];
    lode_schedule(&prepared->common, w3, kw LODE_ARGUMENTS);
    for (uint v = 0; v < prepared->variants; ++v) {
        LODE_WORD w[16];
        lode_first_hash(&prepared->common, &prepared->variant[v], w3, kw, w LODE_ARGUMENTS);
        const LODE_WORD top = byte_swap(lode_second_hash(w LODE_ARGUMENTS));
        if (LODE_ANY(top <= prepared->max_top)) {
            LODE_STORE_TOPS(tops, top);
            for (uint lane = 0; lane < LODE_VECTOR; ++lane)
                if (tops[lane] <= prepared->max_top && offset + lane <= last)
                    report(out, first + offset + lane, v);
        }
    }
}
