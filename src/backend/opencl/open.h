// Opens a listed device: compiles, tests and tunes it.
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
    std::chrono::milliseconds timeout{10'000};  // see ClDevice
    std::chrono::milliseconds tuning{10'000};   // time limit for tuning
};

OpenedDevice open_device(const Opening& opening);

}  // namespace lode::backend::opencl
