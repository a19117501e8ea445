#include "backend/cpu/cpu_backend.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <thread>

#if defined(__linux__)
#include <sched.h>
#endif

#include "backend/cpu/cpu_device.h"
#include "backend/cpu/kernel_choice.h"
#include "backend/self_test.h"
#include "crypto/cpu_features.h"

namespace lode::backend::cpu {
namespace {

constexpr unsigned kMaxThreads = 4096;

// Those that this process may run on: a container often has fewer than the machine.
unsigned hardware_threads() {
#if defined(__linux__)
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0)
        return static_cast<unsigned>(CPU_COUNT(&allowed));
#endif
    return std::max(1u, std::thread::hardware_concurrency());
}

OpenedDevice open(const backend::CpuKernel& kernel, const BackendOptions& options) {
    const std::string where = std::string("device cpu, kernel ") + kernel.name;
    if (auto failure = self_test(scanner(kernel.scan))) return failure->at(where);
    const unsigned threads = options.cpu_threads == 0 ? hardware_threads() : options.cpu_threads;
    if (threads > kMaxThreads)
        return Error{ErrorKind::Usage, std::to_string(threads) + " threads", "device cpu",
                     "at most " + std::to_string(kMaxThreads)};
    return make_device(kernel, threads);
}

DeviceEntry entry(const std::string& id) {
    DeviceEntry cpu;
    cpu.id = id;
    cpu.backend = cpu.physical = "cpu";
    cpu.name = crypto::cpu_features().brand;
    return cpu;
}

std::string remark(const Choice& choice) {
    std::array<char, 96> text{};
    std::snprintf(text.data(), text.size(), "kernel %s, %u variants, %.1f MH/s a thread", choice.kernel.name,
                  choice.kernel.variants, choice.rate / 1e6);
    return text.data() + (choice.failed.empty() ? "" : "; failed the self-test: " + choice.failed);
}

}  // namespace

std::vector<DeviceEntry> list(const BackendOptions& options) {
    DeviceEntry cpu = entry("cpu");
    const auto choice = choose_kernel(options);
    if (!choice) {
        cpu.status = DeviceStatus::Failed;
        cpu.reason = "no kernel passes its self-test";
        return {cpu};
    }
    cpu.reason = remark(*choice);
    cpu.open = [kernel = choice->kernel, options] { return open(kernel, options); };
    return {cpu};
}

std::vector<DeviceEntry> list_forms(const BackendOptions& options) {
    std::vector<DeviceEntry> forms;
    for (const auto& kernel : backend::cpu_kernels()) {
        DeviceEntry form = entry(std::string("cpu:") + kernel.name);
        form.reason = std::string("kernel ") + kernel.name;
        if (!kernel.runnable) {
            form.status = DeviceStatus::Failed;
            form.reason = std::string("this CPU or its operating system does not run ") + kernel.name;
        }
        form.open = [kernel, options] { return open(kernel, options); };
        forms.push_back(form);
    }
    return forms;
}

}  // namespace lode::backend::cpu
