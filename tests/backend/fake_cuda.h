// A fake GPU on the CPU: the functions of the CUDA runtime that the backend calls. Its kernels are the same
// arithmetic compiled for the host (fake_cuda_host.cpp) or nvcc's PTX (fake_cuda_ptx.cpp). A test program
// that links it runs the whole backend without a GPU: the linker finds these functions first and none of the
// runtime's.
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
    // The launch that fails, 0: the next one; the error is sticky until cudaDeviceReset(). -1: none.
    int fail_launch = -1;
    cudaError_t pending = cudaSuccess;  // reported at the next wait, as by a GPU
    cudaError_t stuck = cudaSuccess;    // returned by every call
    bool drop_hits = false;             // computes, but reports no hits
    bool hangs = false;                 // scans never end
    unsigned resets = 0;
    std::vector<std::span<std::byte>> memory;  // on the device
    int alive = 0;                             // streams, events and buffers not yet released
    std::vector<Launch> launches;
    double clock = 0;  // seconds; advanced by launches, see seconds_a_nonce
};

// The one fake GPU; a test starts with gpu() = {}.
Gpu& gpu();

// Specific to the kernels: the fake duration of a nonce, and the launch of all threads.
double seconds_a_nonce(std::size_t kernel, unsigned variants);
cudaError_t run(const kernels::cuda::ScanKernel& kernel, std::uint32_t blocks, void** arguments);

}  // namespace lode::fake_cuda
