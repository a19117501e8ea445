// The CPU as one device: worker threads that share every scan.
#pragma once

#include <memory>

#include "backend/cpu/kernel_table.h"
#include "backend/cpu/rapl.h"
#include "backend/cpu/thread_plan.h"
#include "lode/device.h"

namespace lode::backend::cpu {

// No self-test: the caller has tested the kernel. rate: hashes per second of one thread; 0: not measured.
// power: where its telemetry has the power from; null: it has none. Returns once every thread is where the
// plan wants it.
OpenedDevice make_device(const CpuKernel& kernel, const ThreadPlan& plan, double rate,
                         std::unique_ptr<Rapl> power = nullptr);

}  // namespace lode::backend::cpu
