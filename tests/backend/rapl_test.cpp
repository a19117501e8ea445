#include "backend/cpu/rapl.h"

#include <fstream>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "backend/cpu/cpu_device.h"
#include "backend/cpu/kernel_table.h"

namespace lode::backend::cpu {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// A tree as below /sys/class/powercap.
class RaplTest : public testing::Test {
 protected:
    void SetUp() override { fs::create_directories(root_); }
    void TearDown() override { fs::remove_all(root_); }
    void zone(const std::string& id, const std::string& name, std::uint64_t energy,
              std::uint64_t range = 262'143'328'850) const {
        put(id + "/name", name);
        put(id + "/energy_uj", std::to_string(energy));
        put(id + "/max_energy_range_uj", std::to_string(range));
    }
    void put(const std::string& file, const std::string& text) const {
        fs::create_directories((root_ / file).parent_path());
        std::ofstream(root_ / file) << text << '\n';
    }
    std::unique_ptr<Rapl> open() {
        return Rapl::open([this](const fs::path& file) { refused_ = file.string(); }, root_);
    }
    // Of its own: tests run side by side.
    fs::path root_ = fs::path(testing::TempDir()) / ("lode_rapl_" + std::to_string(getpid()));
    std::string refused_;
    const Rapl::Clock::time_point start_{1h};
};

TEST_F(RaplTest, AddsThePackagesAndNothingElse) {
    zone("intel-rapl:0", "package-0", 1'000'000);
    zone("intel-rapl:1", "package-1", 7'000'000);
    zone("intel-rapl:0:0", "core", 500'000);
    zone("intel-rapl:2", "psys", 9'000'000);
    zone("intel-rapl-mmio:0", "package-0", 1'000'000);
    const auto rapl = open();
    ASSERT_TRUE(rapl);
    EXPECT_EQ(rapl->watts(start_), std::nullopt);
    zone("intel-rapl:0", "package-0", 101'000'000);
    zone("intel-rapl:1", "package-1", 57'000'000);
    zone("intel-rapl:0:0", "core", 90'500'000);
    zone("intel-rapl:2", "psys", 999'000'000);
    EXPECT_EQ(rapl->watts(start_ + 2s), 75);  // (100 J + 50 J) / 2 s
}

TEST_F(RaplTest, TheCounterWraps) {
    zone("intel-rapl:0", "package-0", 90'000'000, 100'000'000);
    const auto rapl = open();
    static_cast<void>(rapl->watts(start_));
    zone("intel-rapl:0", "package-0", 20'000'000, 100'000'000);
    EXPECT_EQ(rapl->watts(start_ + 3s), 10);
    zone("intel-rapl:0", "package-0", 50'000'000, 100'000'000);
    EXPECT_EQ(rapl->watts(start_ + 5s), 15);
}

TEST_F(RaplTest, SaysNothingOfWhatItDidNotSee) {
    zone("intel-rapl:0", "package-0", 1'000'000);
    const auto rapl = open();
    static_cast<void>(rapl->watts(start_));
    put("intel-rapl:0/energy_uj", "2000000");
    EXPECT_EQ(rapl->watts(start_ + 10min), std::nullopt) << "it may have wrapped twice";
    put("intel-rapl:0/energy_uj", "not a number");
    EXPECT_EQ(rapl->watts(start_ + 10min + 1s), std::nullopt);
    put("intel-rapl:0/energy_uj", "9000000");
    EXPECT_EQ(rapl->watts(start_ + 10min + 2s), std::nullopt);
    put("intel-rapl:0/energy_uj", "19000000");
    EXPECT_EQ(rapl->watts(start_ + 10min + 3s), 10);
}

TEST_F(RaplTest, NoCounterNoPower) {
    EXPECT_FALSE(open());
    put("intel-rapl:0/name", "package-0");  // and no counter
    EXPECT_FALSE(open());
    EXPECT_EQ(refused_, "");
}

TEST_F(RaplTest, ACounterForRootOnlyIsNamed) {
    if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
    zone("intel-rapl:0", "package-0", 1);
    fs::permissions(root_ / "intel-rapl:0/energy_uj", fs::perms::none);
    EXPECT_FALSE(open());
    EXPECT_EQ(refused_, (root_ / "intel-rapl:0/energy_uj").string());
}

TEST_F(RaplTest, IsTheTelemetryOfTheCpu) {
    zone("intel-rapl:0", "package-0", 0);
    const auto scan = [](const ScanInput&, std::uint32_t, std::uint64_t, ScanResult&) {};
    auto device = make_device({"test", true, 1, scan}, {.threads = 1}, 0, open());
    ASSERT_TRUE(device);
    EXPECT_EQ((*device)->telemetry().power_w, std::nullopt);
    zone("intel-rapl:0", "package-0", 5'000'000);
    EXPECT_GT((*device)->telemetry().power_w.value_or(0), 0);
}

}  // namespace
}  // namespace lode::backend::cpu
