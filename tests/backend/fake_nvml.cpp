// A fake libnvidia-ml.so.1: one GPU at 0000:3b:00.0, without a fan.
#include <cstring>

namespace {
int gpu = 0;
int started = 0;
}  // namespace

extern "C" {
int nvmlInit_v2() {
    ++started;
    return 0;
}
int nvmlShutdown() {
    return --started < 0 ? 1 : 0;
}
int nvmlDeviceGetHandleByPciBusId_v2(const char* address, void** handle) {
    *handle = &gpu;
    return started > 0 && std::strcmp(address, "0000:3b:00.0") == 0 ? 0 : 6;  // NVML_ERROR_NOT_FOUND
}
int nvmlDeviceGetTemperature(void* handle, unsigned sensor, unsigned* celsius) {
    *celsius = 61;
    return handle == &gpu && sensor == 0 ? 0 : 2;
}
int nvmlDeviceGetPowerUsage(void* handle, unsigned* milliwatts) {
    *milliwatts = 652'500;
    return handle == &gpu ? 0 : 2;
}
int nvmlDeviceGetEnforcedPowerLimit(void* handle, unsigned* milliwatts) {
    *milliwatts = 700'000;
    return handle == &gpu ? 0 : 2;
}
int nvmlDeviceGetClockInfo(void* handle, unsigned type, unsigned* megahertz) {
    *megahertz = 1980;
    return handle == &gpu && type == 1 ? 0 : 2;
}
int nvmlDeviceGetFanSpeed(void*, unsigned*) {
    return 3;  // NVML_ERROR_NOT_SUPPORTED
}
}
