#include "backend/cuda/cuda_backend.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <utility>

#include "backend/cuda/cuda_device.h"
#include "backend/cuda/tune.h"
#include "backend/self_test.h"

namespace lode::backend::cuda {
namespace {

using std::chrono::microseconds;

std::string version_text(int version) {  // 13000 is 13.0
    return std::to_string(version / 1000) + '.' + std::to_string(version % 1000 / 10);
}

DeviceEntry nothing(DeviceStatus status, std::string reason) {
    DeviceEntry entry;
    entry.backend = "cuda";
    entry.status = status;
    entry.reason = std::move(reason);
    return entry;
}

DeviceEntry no_devices(cudaError_t status) {
    int driver = 0, runtime = 0;
    if (cudaDriverGetVersion(&driver) != cudaSuccess || driver == 0)
        return nothing(DeviceStatus::NoDevice, "no NVIDIA driver is installed");
    static_cast<void>(cudaRuntimeGetVersion(&runtime));
    if (status == cudaErrorInsufficientDriver)
        return nothing(DeviceStatus::Failed, "the driver supports CUDA " + version_text(driver) +
                                                 ", this program needs " + version_text(runtime));
    if (status == cudaSuccess || status == cudaErrorNoDevice)
        return nothing(DeviceStatus::NoDevice, "the driver finds no NVIDIA GPU");
    return nothing(DeviceStatus::Failed, check(status, "cudaGetDeviceCount").error().what);
}

// "0000:3b:00.0", as Linux writes it; empty: unknown.
std::string pci_address(int device) {
    std::array<char, 32> text{};
    if (cudaDeviceGetPCIBusId(text.data(), static_cast<int>(text.size()), device) != cudaSuccess) return {};
    std::string address = text.data();
    std::ranges::transform(address, address.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return address;
}

struct Gpu {
    int index = 0;
    std::string id, pci;
    cudaDeviceProp facts{};
};

// A display is only updated between launches; without one, longer launches are more efficient.
bool drives_screen(const Gpu& gpu) {
    int limited = 0;
    static_cast<void>(cudaDeviceGetAttribute(&limited, cudaDevAttrKernelExecTimeout, gpu.index));
    return limited != 0;
}

// Nonces that fill every multiprocessor with blocks.
std::uint64_t wave(const Gpu& gpu, const kernels::cuda::ScanKernel& kernel) {
    int blocks = 0;
    if (cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, kernel.function, kernel.shape.block, 0) !=
        cudaSuccess)
        blocks = 1;
    return std::uint64_t{nonces_per_block(kernel.shape)} * static_cast<unsigned>(std::max(1, blocks)) *
           static_cast<unsigned>(std::max(1, gpu.facts.multiProcessorCount));
}

// Whether the program has machine code for the chip: same major version, minor no newer. Otherwise the driver
// compiles the PTX and caches the result.
bool compiled_for(const cudaDeviceProp& facts) {
    constexpr int kChips[] = {LODE_CUDA_CHIPS};
    return std::ranges::any_of(
        kChips, [&](int chip) { return chip / 10 == facts.major && chip % 10 <= facts.minor; });
}

OpenedDevice open(const Gpu& gpu, const BackendOptions& options) {
    const auto say = [&](const std::string& line) {
        if (options.progress) options.progress(gpu.id + ": " + line);
    };
    auto opened = Session::open(gpu.index);
    if (!opened) return tl::unexpected(opened.error().at(gpu.id));
    auto& session = *opened;
    if (!compiled_for(gpu.facts))
        say("compiling the kernels for this chip (only once); a build on this machine would include them");
    say("measuring " + std::to_string(kernels::cuda::scan_kernels().size()) + " kernels");
    auto tuned = tune(*session);
    if (!tuned) return tl::unexpected(tuned.error().at(gpu.id));
    auto& plans = *tuned;

    DeviceInfo info;
    info.id = gpu.id;
    info.backend = "cuda";
    info.name = gpu.facts.name;
    info.variants = fastest_variants(plans);
    info.in_flight = Session::kLanes;
    info.drives_screen = drives_screen(gpu);
    info.batch = microseconds(info.drives_screen ? 12'000 : 30'000);
    const auto& kernel = kernels::cuda::scan_kernels()[plans[info.variants].steps.front().kernel];
    info.kernel = "sm_" + std::to_string(gpu.facts.major * 10 + gpu.facts.minor) + ' ' + describe(kernel);
    info.granularity = wave(gpu, kernel);

    auto device = std::make_unique<CudaDevice>(std::move(session), std::move(plans), std::move(info),
                                               Nvml::open(gpu.pci));
    if (auto tested = self_test(scanner(*device)); !tested) return tl::unexpected(tested.error().at(gpu.id));
    return device;
}

DeviceEntry to_entry(int index, const BackendOptions& options) {
    DeviceEntry entry;
    entry.id = "cuda:" + std::to_string(index);
    entry.backend = "cuda";
    Gpu gpu{index, entry.id, pci_address(index), {}};
    if (const auto read = check(cudaGetDeviceProperties(&gpu.facts, index), "cudaGetDeviceProperties");
        !read) {
        entry.status = DeviceStatus::Failed;
        entry.reason = read.error().what;
        return entry;
    }
    entry.name = gpu.facts.name;
    entry.physical = gpu.pci;
    std::array<char, 128> remark{};
    std::snprintf(remark.data(), remark.size(), "compute capability %d.%d, PCI %s, %d multiprocessors",
                  gpu.facts.major, gpu.facts.minor, gpu.pci.c_str(), gpu.facts.multiProcessorCount);
    entry.reason = remark.data();
    entry.open = [gpu, options] { return open(gpu, options); };
    return entry;
}

}  // namespace

std::vector<DeviceEntry> list(const BackendOptions& options) {
    int count = 0;
    const auto status = cudaGetDeviceCount(&count);
    static_cast<void>(cudaGetLastError());
    if (status != cudaSuccess || count == 0) return {no_devices(status)};
    std::vector<DeviceEntry> entries;
    for (int index = 0; index < count; ++index) entries.push_back(to_entry(index, options));
    return entries;
}

}  // namespace lode::backend::cuda
