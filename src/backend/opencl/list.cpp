#include <memory>

#include "backend/cache.h"
#include "backend/opencl/open.h"
#include "backend/opencl/opencl.h"
#include "backend/opencl/pocl.h"

namespace lode::backend::opencl {
namespace {

DeviceEntry nothing(std::string reason) {
    DeviceEntry entry;
    entry.backend = "opencl";
    entry.status = DeviceStatus::NoDevice;
    entry.reason = std::move(reason);
    return entry;
}

DeviceEntry to_entry(Opening opening) {
    DeviceEntry entry;
    entry.id = opening.id;
    entry.backend = "opencl";
    entry.name = opening.facts.name;
    entry.physical = opening.facts.physical;
    entry.on_request = opening.facts.is_cpu;
    entry.reason = opening.facts.remark;
    if (!opening.facts.unusable.empty()) {
        entry.status = DeviceStatus::Failed;
        entry.reason = opening.facts.unusable + " (" + opening.facts.remark + ")";
    }
    entry.open = [opening = std::move(opening)]() mutable {
        if (!opening.facts.unusable.empty())
            return OpenedDevice(fail(ErrorKind::Device, opening.facts.unusable, opening.facts.remark));
        auto opened = open_device(opening);
        // Only once: a device that failed and is reopened keeps its tuning.
        if (opened) opening.options.retune = false;
        return opened;
    };
    return entry;
}

}  // namespace

std::vector<DeviceEntry> list(const BackendOptions& options) {
    std::vector<cl::Platform> platforms;
    const cl_int status = cl::Platform::get(&platforms);
    if (status != CL_SUCCESS || platforms.empty())
        return {nothing("no OpenCL loader or driver is installed (" + status_name(status) + ")")};

    auto directory = cache_directory(options);
    if (!directory.empty()) directory /= "opencl";
    const auto store = std::make_shared<Store>(directory, options.progress);
    std::vector<DeviceEntry> entries;
    std::string empty_platforms;
    for (std::size_t p = 0; p < platforms.size(); ++p) {
        const std::string name = plain(platforms[p].getInfo<CL_PLATFORM_NAME>());
        if (name == "Portable Computing Language") ensure_pocl_cache();
        std::vector<cl::Device> devices;
        const cl_int answer = platforms[p].getDevices(CL_DEVICE_TYPE_ALL, &devices);
        if (answer != CL_SUCCESS || devices.empty()) {
            empty_platforms += (empty_platforms.empty() ? "" : ", ") + name;
            if (answer != CL_SUCCESS) empty_platforms += ": " + status_name(answer);
            continue;
        }
        for (std::size_t d = 0; d < devices.size(); ++d) {
            Opening opening;
            opening.id = "opencl:" + std::to_string(p) + '.' + std::to_string(d);
            opening.device = devices[d];
            opening.facts = read_facts(platforms[p], devices[d]);
            opening.options = options;
            opening.store = store;
            entries.push_back(to_entry(std::move(opening)));
        }
    }
    if (!empty_platforms.empty())
        entries.push_back(nothing("platforms without a device: " + empty_platforms));
    return entries;
}

}  // namespace lode::backend::opencl
