// Every way to compile the kernel, on the first OpenCL device of this machine.
#include <algorithm>

#include <gtest/gtest.h>

#include "backend/opencl/cl_device.h"
#include "backend/opencl/program.h"
#include "backend/opencl_support.h"
#include "conformance/conformance.h"

namespace lode::backend::opencl {
namespace {

class OpenClKernel : public testing::TestWithParam<Config> {};

TEST_P(OpenClKernel, ObeysTheContract) {
    const TestOpening opening("");
    if (!opening.found) GTEST_SKIP() << "no OpenCL device";
    const Config config = GetParam();
    if (config.work_group > opening.facts.max_work_group)
        GTEST_SKIP() << "work-group too large for the device";
    const cl::Context context(opening.device);
    const auto program = compile_program(context, opening.device, config, opening.source);
    ASSERT_TRUE(program) << program.error().text();
    DeviceInfo info;
    info.id = opening.id;
    auto made = ClDevice::make(context, opening.device, *program, config, info, std::chrono::seconds(60));
    ASSERT_TRUE(made) << made.error().text();
    const auto report = conformance::run(scanner(**made));
    EXPECT_TRUE(report.passed()) << report.text();
    EXPECT_GT(report.checks, 1000u);
}

TEST(OpenClSource, IsPlainAscii) {
    for (const char c : kernels::opencl_source()) ASSERT_TRUE(c == '\n' || (c >= ' ' && c < 0x7f)) << int{c};
}

INSTANTIATE_TEST_SUITE_P(
    Configs, OpenClKernel,
    testing::Values(Config{Arithmetic::Rotate, 1, 64}, Config{Arithmetic::RotateSelect, 1, 64},
                    Config{Arithmetic::Add3, 1, 64}, Config{Arithmetic::XorAdd, 1, 64},
                    Config{Arithmetic::Rotate, 2, 128}, Config{Arithmetic::Rotate, 4, 16},
                    Config{Arithmetic::Rotate, 8, 16}, Config{Arithmetic::RotateSelect, 8, 256},
                    Config{Arithmetic::Rotate, 16, 16}, Config{Arithmetic::RotateSelect, 16, 16},
                    Config{Arithmetic::Multiply, 1, 128}, Config{Arithmetic::Multiply, 16, 16},
                    Config{Arithmetic::MultiplyShift, 1, 128}, Config{Arithmetic::MultiplyShift, 8, 64},
                    Config{Arithmetic::MultiplyRotate, 1, 128}, Config{Arithmetic::MultiplyRotate, 16, 16}),
    [](const auto& config) {
        std::string name = describe(config.param);
        std::ranges::replace(name, '-', '_');
        return name;
    });

}  // namespace
}  // namespace lode::backend::opencl
