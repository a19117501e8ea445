// RAII wrappers of the CUDA runtime's handles, and its error codes as Error.
#pragma once

#include <cuda_runtime_api.h>
#include <memory>
#include <string>

#include "lode/result.h"

namespace lode::backend::cuda {

// call: the operation that returned the status.
[[nodiscard]] inline Result<void> check(cudaError_t status, const char* call) {
    if (status == cudaSuccess) return {};
    static_cast<void>(cudaGetLastError());  // clears the error, unless it is sticky
    return fail(ErrorKind::Device, std::string(call) + ": " + cudaGetErrorString(status) + " (" +
                                       cudaGetErrorName(status) + ")");
}

// After a sticky error freeing fails; cudaDeviceReset() frees everything.
template <auto release>
struct Releaser {
    template <class T>
    void operator()(T* handle) const {
        static_cast<void>(release(handle));
    }
};

using Stream = std::unique_ptr<CUstream_st, Releaser<cudaStreamDestroy>>;
using Event = std::unique_ptr<CUevent_st, Releaser<cudaEventDestroy>>;
template <class T>
using DeviceMemory = std::unique_ptr<T, Releaser<cudaFree>>;
template <class T>
using PinnedMemory = std::unique_ptr<T, Releaser<cudaFreeHost>>;

}  // namespace lode::backend::cuda
