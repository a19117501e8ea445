#pragma once

#include <vector>

#include "backend/registry.h"

namespace lode::backend::cpu {

std::vector<DeviceEntry> list(const BackendOptions& options);        // "cpu", with the fastest kernel
std::vector<DeviceEntry> list_forms(const BackendOptions& options);  // "cpu:avx2" etc., with that kernel

}  // namespace lode::backend::cpu
