#include "backend/opencl/facts.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <optional>
#include <system_error>

namespace lode::backend::opencl {
namespace {

// Numbers from the extensions' specifications, since not every cl_ext.h has them.
constexpr cl_device_info kPciBusInfoKhr = 0x410F;  // cl_khr_pci_bus_info
constexpr cl_device_info kPciBusIdNv = 0x4008;     // cl_nv_device_attribute_query
constexpr cl_device_info kPciSlotIdNv = 0x4009;
constexpr cl_device_info kPciDomainIdNv = 0x400A;
constexpr cl_device_info kTopologyAmd = 0x4037;  // cl_amd_device_attribute_query

template <typename T>
std::optional<T> ask(const cl::Device& device, cl_device_info what) {
    T value{};
    std::size_t size = 0;
    if (clGetDeviceInfo(device(), what, sizeof value, &value, &size) != CL_SUCCESS || size != sizeof value)
        return std::nullopt;
    return value;
}

bool has_extension(const std::string& extensions, const std::string& name) {
    return (" " + extensions + " ").find(" " + name + " ") != std::string::npos;
}

std::string pci_address(cl_uint domain, cl_uint bus, cl_uint device, cl_uint function) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%04x:%02x:%02x.%x", domain, bus, device, function);
    return text.data();
}

std::string physical_identity(const cl::Device& device, const std::string& extensions) {
    struct PciKhr {
        cl_uint domain, bus, device, function;
    };
    if (has_extension(extensions, "cl_khr_pci_bus_info"))
        if (const auto pci = ask<PciKhr>(device, kPciBusInfoKhr))
            return pci_address(pci->domain, pci->bus, pci->device, pci->function);
    if (has_extension(extensions, "cl_nv_device_attribute_query")) {
        const auto bus = ask<cl_uint>(device, kPciBusIdNv), slot = ask<cl_uint>(device, kPciSlotIdNv);
        const auto domain = ask<cl_uint>(device, kPciDomainIdNv);
        if (bus && slot) return pci_address(domain.value_or(0), *bus, *slot >> 3, *slot & 7);
    }
    if (has_extension(extensions, "cl_amd_device_attribute_query")) {
        struct TopologyAmd {  // type 1: PCI Express
            cl_uint type;
            std::array<cl_uchar, 17> unused;
            cl_uchar bus, device, function;
        };
        const auto pci = ask<TopologyAmd>(device, kTopologyAmd);
        if (pci && pci->type == 1) return pci_address(0, pci->bus, pci->device, pci->function);
    }
    return "";
}

// "OpenCL 3.0 PoCL …" -> 30; 0 for another format.
int version_number(const std::string& text) {
    int major = 0, minor = 0;
    if (std::sscanf(text.c_str(), "OpenCL %2d.%1d", &major, &minor) != 2) return 0;
    return 10 * major + minor;
}

std::string why_unusable(const cl::Device& device, const std::string& version) {
    if (version_number(version) < 12)
        return "its driver supports \"" + plain(version, 40) + "\", OpenCL 1.2 is needed";
    if (device.getInfo<CL_DEVICE_AVAILABLE>() == CL_FALSE) return "its driver says that it is not available";
    if (device.getInfo<CL_DEVICE_COMPILER_AVAILABLE>() == CL_FALSE) return "its driver has no compiler";
    if (device.getInfo<CL_DEVICE_ENDIAN_LITTLE>() == CL_FALSE) return "it is big-endian";
    return "";
}

std::string first_line(const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::string line;
    std::getline(stream, line);
    return line;
}

}  // namespace

Facts read_facts(const cl::Platform& platform, const cl::Device& device) {
    const std::string extensions = device.getInfo<CL_DEVICE_EXTENSIONS>();
    const std::string version = device.getInfo<CL_DEVICE_VERSION>();
    const std::string driver = device.getInfo<CL_DRIVER_VERSION>();
    const std::string platform_version = platform.getInfo<CL_PLATFORM_VERSION>();
    const cl_device_type type = device.getInfo<CL_DEVICE_TYPE>();

    Facts facts;
    facts.name = plain(device.getInfo<CL_DEVICE_NAME>());
    facts.platform = plain(platform.getInfo<CL_PLATFORM_NAME>());
    facts.versions = platform_version + "\n" + version + "\n" + driver;
    facts.remark = facts.platform + ", " + plain(version, 60) + ", driver " + plain(driver, 60);
    facts.physical = physical_identity(device, extensions);
    facts.unusable = why_unusable(device, version);
    facts.is_cpu = (type & CL_DEVICE_TYPE_CPU) != 0;
    facts.is_gpu = (type & CL_DEVICE_TYPE_GPU) != 0;
    facts.drives_screen = drives_screen(facts.physical);
    facts.amd_compiler = has_extension(extensions, "cl_amd_media_ops");
    facts.idle_multipliers = facts.is_gpu && has_extension(extensions, "cl_nv_device_attribute_query");
    facts.vector_width = std::clamp(device.getInfo<CL_DEVICE_NATIVE_VECTOR_WIDTH_INT>(), 1u, 16u);
    facts.compute_units = std::max(device.getInfo<CL_DEVICE_MAX_COMPUTE_UNITS>(), 1u);
    facts.max_work_group = std::max<std::size_t>(device.getInfo<CL_DEVICE_MAX_WORK_GROUP_SIZE>(), 1);
    return facts;
}

bool drives_screen(const std::string& pci_address, const std::filesystem::path& devices) {
    namespace fs = std::filesystem;
    if (pci_address.empty()) return false;
    std::error_code error;
    // …/drm/card0/card0-HDMI-A-1/{status,enabled}
    for (const auto& card : fs::directory_iterator(devices / pci_address / "drm", error)) {
        for (const auto& connector : fs::directory_iterator(card.path(), error))
            if (first_line(connector.path() / "status") == "connected" &&
                first_line(connector.path() / "enabled") == "enabled")
                return true;
    }
    return false;
}

}  // namespace lode::backend::opencl
