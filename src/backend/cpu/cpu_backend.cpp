#include "backend/cpu/cpu_backend.h"

#include <array>
#include <cstdio>
#include <mutex>
#include <thread>

#include "backend/cpu/cpu_device.h"
#include "backend/cpu/kernel_choice.h"
#include "backend/cpu/rapl.h"
#include "backend/cpu/thread_plan.h"
#include "backend/self_test.h"
#include "crypto/cpu_features.h"

namespace lode::backend::cpu {
namespace {

// Says once in a process why there is no power where there could be.
std::unique_ptr<Rapl> open_power(const BackendOptions& options) {
    static std::once_flag said;
    return Rapl::open([&](const std::filesystem::path& counter) {
        if (options.progress)
            std::call_once(said, options.progress,
                           "cpu: its power is unknown, as only root may read " + counter.string());
    });
}

OpenedDevice open(const backend::CpuKernel& kernel, double rate, const BackendOptions& options) {
    const std::string where = std::string("device cpu, kernel ") + kernel.name;
    if (auto tested = self_test(scanner(kernel.scan)); !tested)
        return tl::unexpected(tested.error().at(where));
    const auto plan = plan_threads(options, cpu_share());
    if (!plan) return tl::unexpected(plan.error());
    return make_device(kernel, *plan, rate, open_power(options));
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
    cpu.open = [kernel = choice->kernel, rate = choice->rate, options] {
        return open(kernel, rate, options);
    };
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
        form.open = [kernel, options] { return open(kernel, 0, options); };
        forms.push_back(form);
    }
    return forms;
}

Result<void> check_threads(const BackendOptions& options) {
    const auto plan = plan_threads(options, cpu_share());
    if (!plan) return tl::unexpected(plan.error());
    // On a thread of its own, since a priority that was lowered cannot always be raised again.
    Result<void> placed;
    std::thread([&] { placed = place_thread(*plan, 0); }).join();
    return placed;
}

}  // namespace lode::backend::cpu
