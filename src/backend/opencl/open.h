// From a listed device to one that is compiled, tested and tuned.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "backend/opencl/facts.h"
#include "backend/opencl/store.h"
#include "backend/registry.h"
#include "kernels/opencl/source.h"

namespace lode::backend::opencl {

struct Opening {
    std::string id;  // "opencl:0.1"
    cl::Device device;
    Facts facts;
    BackendOptions options;
    std::shared_ptr<Store> store;
    std::string_view source = kernels::opencl_source();
    std::chrono::milliseconds patience{10'000};  // see ClDevice
    std::chrono::milliseconds tuning{10'000};    // in which tuning should be done
};

OpenedDevice open_device(const Opening& opening);

}  // namespace lode::backend::opencl
