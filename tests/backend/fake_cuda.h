// A GPU made of the host's CPU: the functions of the CUDA runtime that the back end calls. Its kernels are
// the same arithmetic compiled for the host (fake_cuda_host.cpp) or the PTX that nvcc made
// (fake_cuda_ptx.cpp). A test program that links it runs the whole back end without a GPU: the linker finds
// these functions first and takes none from the runtime.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cuda_runtime_api.h>
#include <span>
#include <vector>

#include "kernels/cuda/scan.h"

namespace lode::fake_cuda {

struct Launch {
    std::size_t kernel = 0;  // index into scan_kernels()
    std::uint64_t nonces = 0;
    unsigned variants = 0;
};

struct Gpu {
    int devices = 1;
    cudaError_t count_status = cudaSuccess;  // of cudaGetDeviceCount
    int driver_version = 13000;
    // The launch that fails, 0 the next one; an error sticks until cudaDeviceReset(). -1: none.
    int fail_launch = -1;
    cudaError_t pending = cudaSuccess;  // shows when somebody waits, as a GPU's does
    cudaError_t stuck = cudaSuccess;    // every call answers it
    bool drop_hits = false;             // computes, but forgets what it found
    bool hangs = false;                 // no scan ever ends
    unsigned resets = 0;
    std::vector<std::span<std::byte>> memory;  // on the device
    int alive = 0;                             // streams, events and buffers not yet released
    std::vector<Launch> launches;
    double clock = 0;  // seconds; launches move it by what a table says, see seconds_a_nonce
};

// The one fake GPU; a test starts with gpu() = {}.
Gpu& gpu();

// These differ with the kernels: what the fake's clock says a nonce takes, and a launch, every thread of it.
double seconds_a_nonce(std::size_t kernel, unsigned variants);
cudaError_t run(const kernels::cuda::ScanKernel& kernel, std::uint32_t blocks, void** arguments);

}  // namespace lode::fake_cuda
