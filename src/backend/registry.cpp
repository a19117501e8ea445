#include "backend/registry.h"

#include <algorithm>
#include <utility>

#include "backend/cpu/cpu_backend.h"
#ifdef LODE_HAVE_CUDA
#include "backend/cuda/cuda_backend.h"
#endif
#ifdef LODE_HAVE_OPENCL
#include "backend/opencl/opencl.h"
#endif
#include "backend/selection.h"

namespace lode::backend {
namespace {

// The list() of a backend that was not built.
[[maybe_unused]] std::vector<DeviceEntry> not_built(const char* name, const char* why) {
    DeviceEntry entry;
    entry.backend = name;
    entry.status = DeviceStatus::NotBuilt;
    entry.reason = why;
    return {entry};
}

// GPUs first: the default order of devices.
constexpr Backend kBackends[] = {
#ifdef LODE_HAVE_CUDA
    {"cuda", cuda::list},
#else
    {"cuda",
     [](const BackendOptions&) {
         return not_built("cuda",
                          "built without CUDA: CMake found no CUDA toolkit or was told to leave it out");
     }},
#endif
#ifdef LODE_HAVE_OPENCL
    {"opencl", opencl::list},
#else
    {"opencl",
     [](const BackendOptions&) {
         return not_built("opencl",
                          "built without OpenCL: CMake found no OpenCL or was told to leave it out");
     }},
#endif
    {"cpu", cpu::list, cpu::list_forms},
};

}  // namespace

std::span<const Backend> backends() {
    return kBackends;
}

}  // namespace lode::backend

namespace lode {

std::vector<DeviceEntry> list_devices(const DeviceOptions& options) {
    std::vector<DeviceEntry> all;
    for (const auto& row : backend::backends())
        for (DeviceEntry& entry : row.list(options)) all.push_back(std::move(entry));
    return all;
}

Result<std::vector<DeviceEntry>> select_devices(std::string_view spec, const DeviceOptions& options) {
    auto selected = backend::select(backend::backends(), spec, options);
    if (selected && std::ranges::any_of(*selected, [](const auto& entry) { return entry.backend == "cpu"; }))
        if (auto good = backend::cpu::check_threads(options); !good) return tl::unexpected(good.error());
    return selected;
}

}  // namespace lode
