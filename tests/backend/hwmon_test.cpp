#include "backend/hwmon.h"

#include <fstream>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

namespace lode::backend {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class HwmonTest : public testing::Test {
 protected:
    void SetUp() override { fs::remove_all(root_); }
    void TearDown() override { fs::remove_all(root_); }
    void put(const std::string& file, const std::string& text) const {
        const fs::path path = root_ / "0000:03:00.0" / file;
        fs::create_directories(path.parent_path());
        std::ofstream(path) << text << '\n';
    }
    // Of its own: tests run side by side.
    fs::path root_ = fs::path(testing::TempDir()) / ("lode_hwmon_" + std::to_string(getpid()));
};

// The files and units of Linux's amdgpu: millidegrees, microwatts, hertz, 0 to 255.
TEST_F(HwmonTest, ReadsAnAmdGpu) {
    put("hwmon/hwmon4/temp1_input", "63000");
    put("hwmon/hwmon4/power1_average", "215000000");
    put("hwmon/hwmon4/power1_cap", "327000000");
    put("hwmon/hwmon4/freq1_input", "2371000000");
    put("hwmon/hwmon4/pwm1", "102");
    const auto t = Hwmon::open("0000:03:00.0", root_)->read();
    EXPECT_EQ(t.temperature_c, 63);
    EXPECT_EQ(t.power_w, 215);
    EXPECT_EQ(t.power_limit_w, 327);
    EXPECT_EQ(t.clock_mhz, 2371);
    EXPECT_EQ(t.fan_percent, 40);
}

// i915 shows energy in microjoules instead of power, and the clock beside the card.
TEST_F(HwmonTest, ReadsAnIntelGpu) {
    put("hwmon/hwmon2/energy1_input", "1000000");
    put("hwmon/hwmon2/power1_max", "190000000");
    put("drm/card0-HDMI-A-1/status", "connected");
    put("drm/card0/gt_act_freq_mhz", "2400");
    const auto hwmon = Hwmon::open("0000:03:00.0", root_);
    const std::chrono::steady_clock::time_point start{};
    EXPECT_EQ(hwmon->read(start).power_w, std::nullopt);
    put("hwmon/hwmon2/energy1_input", "241000000");
    const auto t = hwmon->read(start + 2s);
    EXPECT_EQ(t.power_w, 120);
    EXPECT_EQ(t.power_limit_w, 190);
    EXPECT_EQ(t.clock_mhz, 2400);
    EXPECT_EQ(t.temperature_c, std::nullopt);
    put("hwmon/hwmon2/energy1_input", "5");  // counted round
    EXPECT_EQ(hwmon->read(start + 3s).power_w, std::nullopt);
}

TEST_F(HwmonTest, IsNullWithoutSensorsAndIgnoresInvalidValues) {
    EXPECT_EQ(Hwmon::open("", root_), nullptr);
    EXPECT_EQ(Hwmon::open("0000:03:00.0", root_), nullptr);
    put("hwmon/hwmon4/temp1_input", "N/A");
    EXPECT_EQ(Hwmon::open("0000:03:00.0", root_)->read().temperature_c, std::nullopt);
}

}  // namespace
}  // namespace lode::backend
