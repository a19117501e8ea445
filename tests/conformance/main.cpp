// The conformance suite without a test library: lode_conformance [DEVICES], named as -d names them.
#include <cstdio>

#include "backend/cpu/kernel_table.h"
#include "backend/registry.h"
#include "conformance/conformance.h"

namespace {

using namespace lode;

bool show(const std::string& name, const conformance::Report& report) {
    std::printf("%s: %u checks, %s\n%s", name.c_str(), report.checks, report.passed() ? "passed" : "FAILED",
                report.text().c_str());
    return report.passed();
}

bool check_device(const DeviceEntry& entry) {
    if (!show(entry.id + " (queue)", conformance::run_queue(entry.open))) return false;
    const auto opened = entry.open();
    if (!opened) {
        std::printf("%s: %s\n", entry.id.c_str(), opened.error().text().c_str());
        return false;
    }
    Device& device = **opened;
    return show(entry.id + " (" + device.info().name + ", " + device.info().kernel + ")",
                conformance::run(backend::scanner(device)));
}

}  // namespace

int main(int argc, char** argv) {
    const auto selected = lode::select_devices(argc > 1 ? argv[1] : "", {});
    if (!selected) {
        std::fprintf(stderr, "%s\n", selected.error().text().c_str());
        return 3;
    }
    bool good = true;
    for (const auto& kernel : backend::cpu_kernels())
        if (kernel.runnable)
            good =
                show(std::string("kernel ") + kernel.name, conformance::run(backend::scanner(kernel.scan))) &&
                good;
    for (const DeviceEntry& entry : *selected) good = check_device(entry) && good;
    return good ? 0 : 1;
}
