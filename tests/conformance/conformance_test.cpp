#include "conformance/conformance.h"

#include <ostream>

#include <gtest/gtest.h>

#include "backend/cpu/kernel_table.h"
#include "backend/registry.h"

// How GoogleTest shows a parameter; ctest makes it part of the name.
namespace lode::backend {
static void PrintTo(const CpuKernel& kernel, std::ostream* out) {
    *out << kernel.name;
}
static void PrintTo(const Backend& backend, std::ostream* out) {
    *out << backend.name;
}
}  // namespace lode::backend

namespace lode::conformance {
namespace {

class EveryKernel : public testing::TestWithParam<backend::CpuKernel> {};

TEST_P(EveryKernel, ObeysTheContract) {
    if (!GetParam().runnable) GTEST_SKIP() << "this CPU does not run " << GetParam().name;
    const Report report = run(backend::scanner(GetParam().scan));
    EXPECT_TRUE(report.passed()) << report.text();
    EXPECT_GT(report.checks, 1000u);
}

INSTANTIATE_TEST_SUITE_P(Cpu, EveryKernel, testing::ValuesIn(backend::cpu_kernels()), [](const auto& kernel) {
    std::string name = kernel.param.name;
    std::erase(name, '-');
    return name;
});

class EveryBackend : public testing::TestWithParam<backend::Backend> {};

TEST_P(EveryBackend, DevicesObeyTheContract) {
    unsigned tested = 0;
    std::string reasons;
    for (const DeviceEntry& entry : GetParam().list({})) {
        if (entry.status != DeviceStatus::Ok) {
            reasons += entry.reason + "\n";
            continue;
        }
        SCOPED_TRACE(entry.id + " " + entry.name);
        const Report queue = run_queue(entry.open);
        EXPECT_TRUE(queue.passed()) << queue.text();
        const auto opened = entry.open();
        ASSERT_TRUE(opened) << opened.error().text();
        const Report report = run(backend::scanner(**opened));
        EXPECT_TRUE(report.passed()) << report.text();
        ++tested;
    }
    if (tested == 0) GTEST_SKIP() << reasons;
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryBackend,
                         testing::ValuesIn(backend::backends().begin(), backend::backends().end()),
                         [](const auto& backend) { return std::string(backend.param.name); });

// The suite itself must notice what it is for.
ScanResult portable(const ScanInput& input, std::uint32_t first, std::uint64_t count) {
    ScanResult result;
    kernels::scan_portable(input, first, count, result);
    return result;
}

TEST(Suite, NoticesALostHit) {
    const Report report = run([](const ScanInput& input, std::uint32_t first, std::uint64_t count) {
        ScanResult result = portable(input, first, count);
        if (count % 16 == 1 && result.total > 0) --result.total;
        return result;
    });
    EXPECT_FALSE(report.passed());
}

TEST(Suite, NoticesAHitOutsideTheRange) {
    const Report report = run([](const ScanInput& input, std::uint32_t first, std::uint64_t count) {
        const bool room = first + count < std::uint64_t{1} << 32;
        return portable(input, first, count + (room ? 1 : 0));
    });
    EXPECT_FALSE(report.passed());
}

TEST(Suite, NoticesAnIgnoredVariant) {
    const Report report = run([](const ScanInput& input, std::uint32_t first, std::uint64_t count) {
        ScanInput fewer = input;
        fewer.variants = input.variants == 8 ? 7 : input.variants;
        return portable(fewer, first, count);
    });
    EXPECT_FALSE(report.passed());
}

}  // namespace
}  // namespace lode::conformance
