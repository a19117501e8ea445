#include <cstdlib>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "backend/opencl/facts.h"
#include "backend/opencl/opencl.h"
#include "backend/opencl/pocl.h"
#include "backend/opencl_support.h"

namespace lode::backend::opencl {
namespace {

TEST(OpenClText, ForeignTextBecomesOnePlainLine) {
    EXPECT_EQ(plain("  gfx1030 \n"), "gfx1030");
    EXPECT_EQ(plain("a\n\n\tb\r\nc"), "a b c");
    EXPECT_EQ(plain("\x1b[31mred\x07\xff"), "?[31mred??");
    EXPECT_EQ(plain("0123456789", 4), "0123");
    EXPECT_EQ(plain(std::string("ends\0", 5)), "ends");
}

TEST(OpenClText, StatusesHaveNames) {
    EXPECT_EQ(status_name(CL_OUT_OF_RESOURCES), "CL_OUT_OF_RESOURCES (-5)");
    EXPECT_EQ(status_name(-9999), "OpenCL error -9999");
    EXPECT_EQ(call_failed(CL_INVALID_BINARY, "clBuildProgram").value().text(),
              "clBuildProgram answered CL_INVALID_BINARY (-42)");
}

// As Linux shows connectors: /sys/bus/pci/devices/ADDRESS/drm/card0/card0-NAME/{status,enabled}.
TEST(OpenClFacts, ASwitchedOnScreenIsSeen) {
    const ScratchDirectory scratch;
    const auto connector = scratch.path() / "0000:03:00.0" / "drm" / "card0" / "card0-DP-1";
    std::filesystem::create_directories(connector);
    const auto show = [&](const char* status, const char* enabled) {
        std::ofstream(connector / "status") << status << '\n';
        std::ofstream(connector / "enabled") << enabled << '\n';
        return drives_screen("0000:03:00.0", scratch.path());
    };
    EXPECT_FALSE(show("disconnected", "disabled"));
    EXPECT_FALSE(show("connected", "disabled"));
    EXPECT_TRUE(show("connected", "enabled"));
    EXPECT_FALSE(drives_screen("0000:04:00.0", scratch.path()));
    EXPECT_FALSE(drives_screen("", scratch.path()));
}

// With the environment changed and put back; PoCL itself is not asked.
class OpenClPocl : public testing::Test {
 protected:
    OpenClPocl() {
        for (const char* name : {"POCL_CACHE_DIR", "XDG_CACHE_HOME"})
            if (const char* value = std::getenv(name)) before[name] = value;
        unsetenv("POCL_CACHE_DIR");
    }
    ~OpenClPocl() override {
        for (const char* name : {"POCL_CACHE_DIR", "XDG_CACHE_HOME"})
            before.contains(name) ? setenv(name, before[name].c_str(), 1) : unsetenv(name);
    }
    static std::string chosen() {
        const char* value = std::getenv("POCL_CACHE_DIR");
        return value == nullptr ? "" : value;
    }

    std::map<std::string, std::string> before;
    ScratchDirectory scratch;
};

TEST_F(OpenClPocl, KeepsItsUsualDirectoryWhereItCanWrite) {
    setenv("XDG_CACHE_HOME", scratch.path().c_str(), 1);
    ensure_pocl_cache(scratch.path());
    EXPECT_EQ(chosen(), "");
}

TEST_F(OpenClPocl, GetsAPrivateDirectoryWhereItCannot) {
    std::ofstream(scratch.path() / "file") << "in the way";
    setenv("XDG_CACHE_HOME", (scratch.path() / "file").c_str(), 1);
    ensure_pocl_cache(scratch.path());
    ASSERT_NE(chosen(), "");
    EXPECT_EQ(std::filesystem::status(chosen()).permissions(), std::filesystem::perms::owner_all);

    // Not one that others can use: what lies there would be run.
    std::filesystem::permissions(chosen(), std::filesystem::perms::all);
    unsetenv("POCL_CACHE_DIR");
    ensure_pocl_cache(scratch.path());
    EXPECT_EQ(chosen(), "");
}

TEST(OpenClList, EveryEntryIsComplete) {
    const auto entries = list({});
    ASSERT_FALSE(entries.empty());
    for (const auto& entry : entries) {
        EXPECT_EQ(entry.backend, "opencl");
        EXPECT_FALSE(entry.reason.empty());
        EXPECT_EQ(entry.id.empty(), entry.status == DeviceStatus::NoDevice);
        if (entry.id.empty()) continue;
        EXPECT_FALSE(entry.name.empty());
        EXPECT_TRUE(entry.open);
    }
}

TEST(OpenClList, ACpuIsUsedOnlyWhenNamed) {
    const TestOpening opening("");
    if (!opening.found || !opening.facts.is_cpu) GTEST_SKIP() << "no CPU as OpenCL device";
    EXPECT_TRUE(list({}).front().on_request);
}

}  // namespace
}  // namespace lode::backend::opencl
