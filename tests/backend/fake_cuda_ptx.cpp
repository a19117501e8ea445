// The fake GPU's kernels are the program's: its PTX for chips without machine code, run on the CPU. nvcc's
// object file registers its kernels with the functions below, before main().
#include <cstdio>
#include <map>
#include <string>
#include <vector_types.h>

#include "backend/fake_cuda.h"
#include "ptx/fat_binary.h"
#include "ptx/ptx.h"

namespace {

std::map<const void*, std::string>& names() {  // of kernels, by their functions on the host
    static std::map<const void*, std::string> all;
    return all;
}

const void*& fat_binary() {  // of the one object file that nvcc made
    static const void* wrapper = nullptr;
    return wrapper;
}

const lode::ptx::Module& module() {
    static const lode::ptx::Module one = lode::ptx::parse(lode::ptx::ptx_in(fat_binary()));
    return one;
}

}  // namespace

extern "C" {

void** __cudaRegisterFatBinary(void* wrapper) {
    fat_binary() = wrapper;
    static void* handle = nullptr;
    return &handle;
}
void __cudaRegisterFatBinaryEnd(void**) {}
void __cudaUnregisterFatBinary(void**) {}
void __cudaRegisterFunction(void**, const char* host, char*, const char* name, int, uint3*, uint3*, dim3*,
                            dim3*, int*) {
    names()[host] = name;
}
void __cudaRegisterVar(void**, char*, char*, const char*, int, std::size_t, int, int) {}
// A call kernel<<<...>>>() would need these; the back end launches by cudaLaunchKernel() alone.
cudaError_t __cudaPopCallConfiguration(dim3*, dim3*, std::size_t*, void*) {
    return cudaErrorNotSupported;
}
cudaError_t __cudaGetKernel(cudaKernel_t*, const void*) {
    return cudaErrorNotSupported;
}
cudaError_t __cudaLaunchKernel(cudaKernel_t, dim3, dim3, void**, std::size_t, cudaStream_t) {
    return cudaErrorNotSupported;
}

}  // extern "C"

namespace lode::fake_cuda {

double seconds_a_nonce(std::size_t kernel, unsigned variants) {
    return 1e-10 * (1 + variants) * (1 + 0.01 * static_cast<double>(kernel));
}

cudaError_t run(const kernels::cuda::ScanKernel& kernel, std::uint32_t blocks, void** arguments) {
    try {
        ptx::launch(module(), module().kernels.at(names().at(kernel.function)), blocks,
                    static_cast<std::uint32_t>(kernel.shape.block), arguments, gpu().memory);
        return cudaSuccess;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return gpu().stuck = cudaErrorIllegalAddress;
    }
}

}  // namespace lode::fake_cuda
