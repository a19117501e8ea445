#include "backend/cpu/cpu_quota.h"

#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

namespace lode::backend::cpu {
namespace {

namespace fs = std::filesystem;

// A /proc/self/cgroup and a /sys/fs/cgroup.
struct CpuQuota : ::testing::Test {
    const fs::path root = fs::path(testing::TempDir()) / ("cpu_quota." + std::to_string(getpid()));

    ~CpuQuota() override { fs::remove_all(root); }
    void write(const std::string& name, const std::string& text) const {
        const fs::path file = root / name;
        fs::create_directories(file.parent_path());
        std::ofstream(file) << text << "\n";
    }
    [[nodiscard]] std::optional<double> quota() const { return cpu_quota(root / "self", root / "fs"); }
};

TEST_F(CpuQuota, NoneWithoutControlGroups) {
    EXPECT_EQ(quota(), std::nullopt);
    write("self", "0::/");
    EXPECT_EQ(quota(), std::nullopt);
}

TEST_F(CpuQuota, OfAContainer) {
    write("self", "0::/");
    write("fs/cpu.max", "150000 100000");
    EXPECT_EQ(quota(), 1.5);
    write("fs/cpu.max", "max 100000");
    EXPECT_EQ(quota(), std::nullopt);
    write("fs/cpu.max", "nonsense");
    EXPECT_EQ(quota(), std::nullopt);
}

TEST_F(CpuQuota, TheLowestOnTheWayUpCounts) {
    write("self", "0::/system.slice/lode.service");
    write("fs/system.slice/lode.service/cpu.max", "400000 100000");
    EXPECT_EQ(quota(), 4);
    write("fs/system.slice/cpu.max", "50000 25000");
    EXPECT_EQ(quota(), 2);
    write("fs/system.slice/other.service/cpu.max", "1000 100000");  // another's
    EXPECT_EQ(quota(), 2);
}

// The path is the host's; what is mounted is the container's own group.
TEST_F(CpuQuota, OfAGroupWhosePathIsNotThere) {
    write("self", "0::/docker/0123456789ab");
    write("fs/cpu.max", "300000 100000");
    EXPECT_EQ(quota(), 3);
}

TEST_F(CpuQuota, OfTheFirstVersion) {
    write("self", "5:cpuset:/x\n4:cpuacct,cpu:/docker/abc\n0::/");
    write("fs/cpu/docker/abc/cpu.cfs_period_us", "100000");
    write("fs/cpu/docker/abc/cpu.cfs_quota_us", "-1");
    EXPECT_EQ(quota(), std::nullopt);
    write("fs/cpu/docker/abc/cpu.cfs_quota_us", "250000");
    EXPECT_EQ(quota(), 2.5);
}

}  // namespace
}  // namespace lode::backend::cpu
