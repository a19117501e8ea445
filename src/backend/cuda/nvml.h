// Temperature, power, clock and fan of a GPU through NVML, which comes with the driver and is loaded at run
// time.
#pragma once

#include <memory>
#include <string>

#include "lode/device.h"

namespace lode::backend::cuda {

class Nvml {
 public:
    // Null if the library, one of its functions or the GPU is missing. pci: "0000:3b:00.0".
    static std::unique_ptr<Nvml> open(const std::string& pci, const char* library = "libnvidia-ml.so.1");
    Nvml(const Nvml&) = delete;
    Nvml& operator=(const Nvml&) = delete;
    ~Nvml();

    [[nodiscard]] DeviceTelemetry read() const;  // takes about a millisecond

 private:
    struct Functions;
    Nvml();

    std::unique_ptr<Functions> functions_;
};

}  // namespace lode::backend::cuda
