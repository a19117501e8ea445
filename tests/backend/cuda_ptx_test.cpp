// Every CUDA kernel's PTX, which chips without machine code run, under the conformance suite; and the backend
// on all of them. Invalid memory accesses fail as on a GPU.
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
    ASSERT_TRUE(opened);
    auto& session = **opened;
    const auto report = conformance::run(
        [&](const ScanInput& input, std::uint32_t first, std::uint64_t count) -> Result<ScanResult> {
            const Plan plan = plan_with(GetParam(), input.variants);
            if (auto started = session.start(input, first, count, plan, count); !started)
                return tl::unexpected(started.error());
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
    if (!opened) FAIL() << opened.error().text();
    Device& device = **opened;
    const KnownBlock& known = known_blocks()[0];
    for (unsigned variants = 1; variants <= kMaxVariants; ++variants) {
        ASSERT_TRUE(device.enqueue(scan_input(known.header, variants, 0), known.nonce - 500, 1000));
        const auto answer = device.collect();
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->total, 1u);
        EXPECT_EQ(answer->hits[0], (Hit{known.nonce, 0}));
    }
}

TEST_F(CudaPtx, KernelThatWritesElsewhereIsCaught) {
    auto opened = Session::open(0);
    auto& session = **opened;
    gpu().memory.clear();
    const KnownBlock& known = known_blocks()[0];
    ASSERT_FALSE(session.start(scan_input(known.header, 1, 0), known.nonce, 1, plan_with(0, 1), 1));
}

}  // namespace
}  // namespace lode::backend::cuda
