// What the driver reports about a device, read once when devices are listed.
#pragma once

#include <filesystem>
#include <string>

#include "backend/opencl/cl.h"

namespace lode::backend::opencl {

struct Facts {
    std::string name;      // "gfx1030", "pthread-skylake-avx512-…"
    std::string platform;  // "Portable Computing Language"
    std::string versions;  // platform, device and driver versions: a change invalidates compiled programs
    std::string remark;    // the same as readable text
    std::string physical;  // PCI address, "0000:3b:00.0"; empty if the driver does not report it
    std::string unusable;  // why; empty: usable
    bool is_cpu = false;
    bool is_gpu = false;
    bool drives_screen = false;
    bool amd_compiler =
        false;  // AMD's own driver, by cl_amd_media_ops: Clang for amdgcn, with its inline assembly
    bool idle_multipliers = false;   // NVIDIA: multiplications run beside rotations and logic
    unsigned vector_width = 1;       // 32-bit words in the device's native vector
    unsigned compute_units = 1;      // of a CPU: threads
    std::size_t max_work_group = 1;  // work-items
};

Facts read_facts(const cl::Platform& platform, const cl::Device& device);

// Whether an active display is attached to the GPU with this PCI address: long launches would make it
// stutter. `devices` is the kernel's directory of PCI devices.
bool drives_screen(const std::string& pci_address,
                   const std::filesystem::path& devices = "/sys/bus/pci/devices");

}  // namespace lode::backend::opencl
