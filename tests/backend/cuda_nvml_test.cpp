#include <gtest/gtest.h>

#include "backend/cuda/nvml.h"

namespace lode::backend::cuda {
namespace {

TEST(Nvml, ReadsWhatTheDriverHas) {
    const auto nvml = Nvml::open("0000:3b:00.0", FAKE_NVML);
    ASSERT_NE(nvml, nullptr);
    const DeviceTelemetry telemetry = nvml->read();
    EXPECT_EQ(telemetry.temperature_c, 61);
    EXPECT_EQ(telemetry.power_w, 652.5);
    EXPECT_EQ(telemetry.power_limit_w, 700);
    EXPECT_EQ(telemetry.clock_mhz, 1980);
    EXPECT_EQ(telemetry.fan_percent, std::nullopt);
}

TEST(Nvml, IsAbsentWithoutTheLibrary) {
    EXPECT_EQ(Nvml::open("0000:3b:00.0", "libno-such-library.so.1"), nullptr);
}

TEST(Nvml, IsAbsentForALibraryWithoutItsFunctions) {
    EXPECT_EQ(Nvml::open("0000:3b:00.0", "libc.so.6"), nullptr);
}

TEST(Nvml, IsAbsentForAnUnknownGpu) {
    EXPECT_EQ(Nvml::open("0000:01:00.0", FAKE_NVML), nullptr);
}

}  // namespace
}  // namespace lode::backend::cuda
