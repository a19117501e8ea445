// The few OpenCL functions that scan.cl calls, for a Clang without AMD's device library: as that has them, in the
// compiler's own terms.
#define get_global_id(dimension) \
    (__builtin_amdgcn_workgroup_id_x() * LODE_WORK_GROUP + __builtin_amdgcn_workitem_id_x())
uint __attribute__((overloadable)) rotate(uint x, uint n) { return (x << (n & 31)) | (x >> ((32 - n) & 31)); }
uint __attribute__((overloadable)) bitselect(uint a, uint b, uint c) { return a ^ (c & (a ^ b)); }
uint __attribute__((overloadable)) atomic_inc(volatile __global uint* p) { return __sync_fetch_and_add(p, 1); }
