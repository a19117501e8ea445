// The CUDA runtime's handles as owned values, and its error codes as ours.
#pragma once

#include <cuda_runtime_api.h>
#include <memory>
#include <optional>
#include <string>

#include "lode/error.h"

namespace lode::backend::cuda {

// Nothing for cudaSuccess.
[[nodiscard]] inline std::optional<Error> failure(cudaError_t status, const char* call) {
    if (status == cudaSuccess) return std::nullopt;
    static_cast<void>(cudaGetLastError());  // forget it, unless it is sticky
    return Error{
        ErrorKind::Device,
        std::string(call) + ": " + cudaGetErrorString(status) + " (" + cudaGetErrorName(status) + ")", "",
        ""};
}

// What is freed after a sticky error fails to be freed; cudaDeviceReset() takes it all.
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
