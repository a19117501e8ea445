// Every CUDA kernel of the program, as the PTX that nvcc made of it, under the suite that every kernel has to
// pass; and the back end on all of them. Memory beyond a kernel's own is refused as a GPU would.
#include <algorithm>
#include <cctype>

#include <gtest/gtest.h>

#include "backend/cuda/cuda_backend.h"
#include "backend/cuda/tune.h"
#include "backend/fake_cuda.h"
#include "backend/known_blocks.h"
#include "conformance/conformance.h"

namespace lode::backend::cuda {
namespace {

using fake_cuda::gpu;
using kernels::cuda::scan_kernels;

class CudaPtx : public testing::Test {
 protected:
    void SetUp() override { gpu() = {}; }
    void TearDown() override { EXPECT_EQ(gpu().alive, 0) << "streams, events or buffers were not released"; }
};

// The kernel where it takes so many variants, else a looped one.
Plan plan_with(std::size_t kernel, unsigned variants) {
    const auto table = scan_kernels();
    const auto takes = [&](std::size_t k) {
        return table[k].variants == variants || (table[k].shape.looped && variants < table[k].variants);
    };
    for (std::size_t k = 0; !takes(kernel); ++k)
        if (table[k].shape.looped) kernel = k;
    return {{{kernel, variants}}, 0};
}

class CudaPtxKernel : public CudaPtx, public testing::WithParamInterface<std::size_t> {};

TEST_P(CudaPtxKernel, ObeysTheContract) {
    auto opened = Session::open(0);
    ASSERT_TRUE(std::holds_alternative<std::unique_ptr<Session>>(opened));
    auto& session = *std::get<std::unique_ptr<Session>>(opened);
    const auto report = conformance::run([&](const ScanInput& input, std::uint32_t first,
                                             std::uint64_t count) -> std::variant<ScanResult, Error> {
        if (auto error = session.start(input, first, count, plan_with(GetParam(), input.variants), count))
            return *error;
        return session.finish();
    });
    EXPECT_TRUE(report.passed()) << report.text();
    EXPECT_GT(report.checks, 1000u);
}

INSTANTIATE_TEST_SUITE_P(Table, CudaPtxKernel, testing::Range(std::size_t{0}, scan_kernels().size()),
                         [](const auto& index) {
                             std::string name = describe(scan_kernels()[index.param]);
                             std::ranges::replace_if(
                                 name, [](char c) { return std::isalnum(c) == 0; }, '_');
                             return name;
                         });

TEST_F(CudaPtx, DeviceOpensAndFindsABlock) {
    auto opened = list({}).at(0).open();
    if (const auto* error = std::get_if<Error>(&opened)) FAIL() << error->text();
    Device& device = *std::get<std::unique_ptr<Device>>(opened);
    const KnownBlock& known = known_blocks()[0];
    for (unsigned variants = 1; variants <= kMaxVariants; ++variants) {
        ASSERT_FALSE(device.enqueue(scan_input(known.header, variants, 0), known.nonce - 500, 1000));
        const auto answer = device.collect();
        ASSERT_TRUE(std::holds_alternative<ScanResult>(answer));
        EXPECT_EQ(std::get<ScanResult>(answer).total, 1u);
        EXPECT_EQ(std::get<ScanResult>(answer).hits[0], (Hit{known.nonce, 0}));
    }
}

TEST_F(CudaPtx, KernelThatWritesElsewhereIsCaught) {
    auto opened = Session::open(0);
    auto& session = *std::get<std::unique_ptr<Session>>(opened);
    gpu().memory.clear();
    const KnownBlock& known = known_blocks()[0];
    ASSERT_TRUE(
        session.start(scan_input(known.header, 1, 0), known.nonce, 1, plan_with(0, 1), 1).has_value());
}

}  // namespace
}  // namespace lode::backend::cuda
