#include "backend/fake_cuda.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "kernels/cuda/scan.h"

namespace lode {
namespace {

using fake_cuda::gpu;
using kernels::Prepared;
using kernels::cuda::Hits;

// Longer scans, which only tuning makes, take their time but find nothing.
constexpr std::uint64_t kMostComputed = 1 << 19;

// The failure of the moment, which the next call answers too if it sticks.
cudaError_t status() {
    return gpu().stuck;
}

cudaError_t wait() {
    if (gpu().pending != cudaSuccess) gpu().stuck = gpu().pending;
    return gpu().stuck;
}

template <class Handle>
cudaError_t create(Handle* handle) {
    if (status() != cudaSuccess) return status();
    *handle = reinterpret_cast<Handle>(new double(0));
    ++gpu().alive;
    return cudaSuccess;
}

template <class Handle>
cudaError_t destroy(Handle handle) {
    delete reinterpret_cast<double*>(handle);
    --gpu().alive;
    return status();
}

cudaError_t allocate(void** memory, std::size_t size, bool on_device) {
    if (status() != cudaSuccess) return status();
    *memory = std::malloc(size);
    if (on_device) gpu().memory.emplace_back(static_cast<std::byte*>(*memory), size);
    ++gpu().alive;
    return cudaSuccess;
}

cudaError_t release(void* memory) {
    std::erase_if(gpu().memory, [memory](const auto& place) { return place.data() == memory; });
    std::free(memory);
    --gpu().alive;
    return status();
}

}  // namespace

namespace fake_cuda {

Gpu& gpu() {
    static Gpu one;
    return one;
}

}  // namespace fake_cuda
}  // namespace lode

using namespace lode;

extern "C" {

cudaError_t cudaGetDeviceCount(int* count) {
    *count = gpu().devices;
    return gpu().count_status;
}
cudaError_t cudaDriverGetVersion(int* version) {
    *version = gpu().driver_version;
    return cudaSuccess;
}
cudaError_t cudaRuntimeGetVersion(int* version) {
    *version = 13000;
    return cudaSuccess;
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* facts, int) {
    *facts = {};
    std::strcpy(facts->name, "Fake GPU");
    facts->major = 9;
    facts->multiProcessorCount = 2;
    return cudaSuccess;
}
cudaError_t cudaDeviceGetPCIBusId(char* text, int size, int device) {
    std::snprintf(text, static_cast<std::size_t>(size), "0000:%02X:00.0", 0x3b + device);
    return cudaSuccess;
}
cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr, int) {
    *value = 0;
    return cudaSuccess;
}
cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, const void*, int, std::size_t) {
    *blocks = 3;
    return cudaSuccess;
}
cudaError_t cudaSetDevice(int) {
    return cudaSuccess;
}
cudaError_t cudaGetDevice(int* device) {
    *device = 0;
    return cudaSuccess;
}
cudaError_t cudaDeviceReset() {
    gpu().stuck = gpu().pending = cudaSuccess;
    ++gpu().resets;
    return cudaSuccess;
}
cudaError_t cudaGetLastError() {
    return status();
}
const char* cudaGetErrorString(cudaError_t error) {
    return error == cudaErrorIllegalAddress ? "an illegal memory access was encountered" : "some error";
}
const char* cudaGetErrorName(cudaError_t error) {
    return error == cudaErrorIllegalAddress ? "cudaErrorIllegalAddress" : "cudaErrorOther";
}
cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
    return create(stream);
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
    return destroy(stream);
}
cudaError_t cudaStreamSynchronize(cudaStream_t) {
    return wait();
}
cudaError_t cudaEventCreate(cudaEvent_t* event) {
    return create(event);
}
cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
    return create(event);
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
    return destroy(event);
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t) {
    *reinterpret_cast<double*>(event) = gpu().clock;
    return status();
}
cudaError_t cudaEventQuery(cudaEvent_t) {
    return gpu().hangs ? cudaErrorNotReady : wait();
}
cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t began, cudaEvent_t ended) {
    *milliseconds = static_cast<float>(
        1e3 * (*reinterpret_cast<const double*>(ended) - *reinterpret_cast<const double*>(began)));
    return status();
}
cudaError_t cudaMalloc(void** memory, std::size_t size) {
    return allocate(memory, size, true);
}
cudaError_t cudaMallocHost(void** memory, std::size_t size) {
    return allocate(memory, size, false);
}
cudaError_t cudaFree(void* memory) {
    return release(memory);
}
cudaError_t cudaFreeHost(void* memory) {
    return release(memory);
}
cudaError_t cudaMemsetAsync(void* memory, int value, std::size_t size, cudaStream_t) {
    if (status() == cudaSuccess) std::memset(memory, value, size);
    return status();
}
cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t size, cudaMemcpyKind, cudaStream_t) {
    if (status() == cudaSuccess) std::memcpy(to, from, size);
    return status();
}

cudaError_t cudaLaunchKernel(const void* function, dim3 grid, dim3 block, void** arguments, std::size_t,
                             cudaStream_t) {
    if (status() != cudaSuccess) return status();
    if (gpu().fail_launch == 0) {
        gpu().fail_launch = -1;
        gpu().pending = cudaErrorIllegalAddress;
        return cudaSuccess;
    }
    if (gpu().fail_launch > 0) --gpu().fail_launch;
    const auto table = kernels::cuda::scan_kernels();
    std::size_t k = 0;
    while (k < table.size() && table[k].function != function) ++k;
    if (k == table.size() || block.x != static_cast<unsigned>(table[k].shape.block))
        return cudaErrorInvalidDeviceFunction;
    const std::uint32_t variants = static_cast<const Prepared*>(arguments[0])->variants;
    const std::uint64_t count = std::uint64_t{*static_cast<std::uint32_t*>(arguments[2])} + 1;
    gpu().launches.push_back({k, count, variants});
    gpu().clock += static_cast<double>(count) * fake_cuda::seconds_a_nonce(k, variants);
    if (count > kMostComputed || gpu().drop_hits) return cudaSuccess;
    return fake_cuda::run(table[k], grid.x, arguments);
}

}  // extern "C"
