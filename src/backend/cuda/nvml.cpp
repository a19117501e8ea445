#include "backend/cuda/nvml.h"

#include <dlfcn.h>

namespace lode::backend::cuda {

// The part of NVML's API that is used, from its reference; every call returns 0 for success.
struct Nvml::Functions {
    using Handle = void*;
    static constexpr unsigned kTemperatureGpu = 0;  // NVML_TEMPERATURE_GPU
    static constexpr unsigned kClockSm = 1;         // NVML_CLOCK_SM

    void* library = nullptr;
    bool started = false;
    Handle gpu = nullptr;
    int (*init)() = nullptr;
    int (*shutdown)() = nullptr;
    int (*by_pci)(const char*, Handle*) = nullptr;
    int (*temperature)(Handle, unsigned sensor, unsigned* celsius) = nullptr;
    int (*power)(Handle, unsigned* milliwatts) = nullptr;
    int (*clock)(Handle, unsigned type, unsigned* megahertz) = nullptr;
    int (*fan)(Handle, unsigned* percent) = nullptr;
    int (*power_limit)(Handle, unsigned* milliwatts) = nullptr;  // null in old drivers

    template <class Function>
    bool find(Function*& function, const char* name) {
        function = reinterpret_cast<Function*>(dlsym(library, name));
        return function != nullptr;
    }
};

Nvml::Nvml() : functions_(std::make_unique<Functions>()) {}

Nvml::~Nvml() {
    if (functions_->started) functions_->shutdown();
    if (functions_->library != nullptr) dlclose(functions_->library);
}

std::unique_ptr<Nvml> Nvml::open(const std::string& pci, const char* library) {
    std::unique_ptr<Nvml> nvml(new Nvml);
    Functions& f = *nvml->functions_;
    f.library = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (f.library == nullptr || !f.find(f.init, "nvmlInit_v2") || !f.find(f.shutdown, "nvmlShutdown") ||
        !f.find(f.by_pci, "nvmlDeviceGetHandleByPciBusId_v2") ||
        !f.find(f.temperature, "nvmlDeviceGetTemperature") || !f.find(f.power, "nvmlDeviceGetPowerUsage") ||
        !f.find(f.clock, "nvmlDeviceGetClockInfo") || !f.find(f.fan, "nvmlDeviceGetFanSpeed"))
        return nullptr;
    static_cast<void>(f.find(f.power_limit, "nvmlDeviceGetEnforcedPowerLimit"));
    f.started = f.init() == 0;
    if (!f.started || f.by_pci(pci.c_str(), &f.gpu) != 0) return nullptr;
    return nvml;
}

DeviceTelemetry Nvml::read() const {
    const Functions& f = *functions_;
    DeviceTelemetry telemetry;
    unsigned value = 0;
    if (f.temperature(f.gpu, Functions::kTemperatureGpu, &value) == 0) telemetry.temperature_c = value;
    if (f.power(f.gpu, &value) == 0) telemetry.power_w = value / 1e3;
    if (f.clock(f.gpu, Functions::kClockSm, &value) == 0) telemetry.clock_mhz = value;
    if (f.fan(f.gpu, &value) == 0) telemetry.fan_percent = value;
    if (f.power_limit != nullptr && f.power_limit(f.gpu, &value) == 0) telemetry.power_limit_w = value / 1e3;
    return telemetry;
}

}  // namespace lode::backend::cuda
