#include "app/device_table.h"

#include <gtest/gtest.h>

namespace lode::app {
namespace {

DeviceEntry entry(const char* id, const char* backend, const char* name) {
    DeviceEntry e;
    e.id = id;
    e.backend = backend;
    e.name = name;
    return e;
}

TEST(DeviceTable, SaysWhatIsUsedAndWhyTheOthersAreNot) {
    DeviceEntry none = entry("", "cuda", "");
    none.status = DeviceStatus::NoDevice;
    none.reason = "no NVIDIA driver is installed";
    DeviceEntry pocl = entry("opencl:0.0", "opencl", "pthread-EPYC");
    pocl.on_request = true;
    const DeviceEntry same = entry("opencl:1.0", "opencl", "H200"), cpu = entry("cpu", "cpu", "AMD EPYC");
    EXPECT_EQ(device_table({none, pocl, same, cpu}, {cpu}),
              (std::vector<std::string>{
                  "cuda        no   no NVIDIA driver is installed",
                  "opencl:0.0  no   pthread-EPYC: the CPU itself; -d opencl:0.0 takes it",
                  "opencl:1.0  no   H200: used through another interface",
                  "cpu         yes  AMD EPYC",
              }));
}

}  // namespace
}  // namespace lode::app
