// The CPU as one device: worker threads that share every scan.
#pragma once

#include "backend/cpu/kernel_table.h"
#include "lode/device.h"

namespace lode::backend::cpu {

// Untested: whoever opens it has tested the kernel. threads >= 1.
OpenedDevice make_device(const CpuKernel& kernel, unsigned threads);

}  // namespace lode::backend::cpu
