// The CUDA backend from listing to scan results, on the fake GPU of fake_cuda.h.
#include <algorithm>
#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend/cuda/cuda_backend.h"
#include "backend/cuda/session.h"
#include "backend/fake_cuda.h"
#include "backend/known_blocks.h"
#include "conformance/conformance.h"

namespace lode::backend::cuda {
namespace {

using fake_cuda::gpu;
using testing::HasSubstr;

class CudaDevice : public testing::Test {
 protected:
    void SetUp() override { gpu() = {}; }
    void TearDown() override { EXPECT_EQ(gpu().alive, 0) << "streams, events or buffers were not released"; }

    static std::unique_ptr<Device> open() {
        auto opened = list({}).at(0).open();
        if (opened) return std::move(*opened);
        ADD_FAILURE() << opened.error().text();
        return nullptr;
    }
    static ScanInput input(std::uint32_t variants, std::uint32_t max_top = 0) {
        return scan_input(known_blocks()[0].header, variants, max_top);
    }
};

TEST_F(CudaDevice, IsListedWithItsAddress) {
    gpu().devices = 2;
    const auto entries = list({});
    ASSERT_EQ(entries.size(), 2u);
    EXPECT_EQ(entries[1].id, "cuda:1");
    EXPECT_EQ(entries[1].name, "Fake GPU");
    EXPECT_EQ(entries[1].physical, "0000:3c:00.0");
    EXPECT_THAT(entries[1].reason, HasSubstr("compute capability 9.0"));
}

TEST_F(CudaDevice, MayBeAbsentForSeveralReasons) {
    gpu().devices = 0;
    EXPECT_EQ(list({}).at(0).status, DeviceStatus::NoDevice);
    EXPECT_THAT(list({}).at(0).reason, HasSubstr("no NVIDIA GPU"));
    gpu().count_status = cudaErrorInsufficientDriver;
    gpu().driver_version = 12020;
    EXPECT_EQ(list({}).at(0).reason, "the driver supports CUDA 12.2, this program needs 13.0");
    gpu().driver_version = 0;
    EXPECT_EQ(list({}).at(0).reason, "no NVIDIA driver is installed");
    EXPECT_EQ(list({}).at(0).status, DeviceStatus::NoDevice);
}

TEST_F(CudaDevice, ObeysTheContract) {
    const auto device = open();
    ASSERT_NE(device, nullptr);
    const auto report = conformance::run(scanner(*device));
    EXPECT_TRUE(report.passed()) << report.text();
}

TEST_F(CudaDevice, QueuesInOrder) {
    const auto report = conformance::run_queue(list({}).at(0).open);
    EXPECT_TRUE(report.passed()) << report.text();
}

// By the fake's table: four at once 0.75 a hash, one looped kernel 1.0625 at eight, single ones 1.5 and 2.
TEST_F(CudaDevice, UsesTheKernelsThatMeasureFastest) {
    std::vector<std::string> lines;
    BackendOptions options;
    options.progress = [&](const std::string& line) { lines.push_back(line); };
    auto opened = list(options).at(0).open();
    ASSERT_TRUE(opened);
    auto& device = **opened;
    EXPECT_EQ(device.info().variants, 4u);
    EXPECT_THAT(device.info().kernel, HasSubstr("sm_90 4/fma/00000408/32x1/1"));
    EXPECT_EQ(device.info().granularity, 32u * 3 * 2);
    EXPECT_THAT(lines, testing::ElementsAre("cuda:0: measuring 4 kernels"));

    gpu().launches.clear();
    ASSERT_TRUE(device.enqueue(input(7), 5, 100));  // 4 + 3: 3 and 3.5 units
    ASSERT_TRUE(device.collect());
    ASSERT_EQ(gpu().launches.size(), 2u);
    std::ranges::sort(gpu().launches, {}, &fake_cuda::Launch::variants);
    EXPECT_EQ(gpu().launches[0].kernel, 2u);
    EXPECT_EQ(gpu().launches[0].variants, 3u);
    EXPECT_EQ(gpu().launches[1].kernel, 3u);
    ASSERT_TRUE(device.enqueue(input(1), 0, 100));
    ASSERT_TRUE(device.collect());
    // Single ones cost 1.5 by kernel 1 and by the looped kernel alike.
    EXPECT_EQ(gpu().launches.back().variants, 1u);
}

// 2^32 nonces with 8 variants take 2.6 s by the fake's clock: in launches of 50 ms.
TEST_F(CudaDevice, CutsALongScanIntoShortLaunches) {
    const auto device = open();
    ASSERT_NE(device, nullptr);
    gpu().launches.clear();
    ASSERT_TRUE(device->enqueue(input(8), 0, std::uint64_t{1} << 32));
    ASSERT_TRUE(device->collect());
    std::uint64_t hashes = 0;
    for (const auto& launch : gpu().launches) {
        hashes += launch.nonces * launch.variants;
        EXPECT_LE(
            static_cast<double>(launch.nonces) * fake_cuda::seconds_a_nonce(launch.kernel, launch.variants),
            0.051);
    }
    EXPECT_EQ(hashes, std::uint64_t{8} << 32);
}

TEST_F(CudaDevice, ReopensAfterAFailure) {
    auto device = open();
    ASSERT_NE(device, nullptr);
    gpu().fail_launch = 1;  // the second of two scans in flight
    ASSERT_TRUE(device->enqueue(input(1), 0, 10));
    ASSERT_TRUE(device->enqueue(input(1), 10, 10));
    const auto answer = device->collect();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::Device);
    EXPECT_THAT(answer.error().text(), HasSubstr("illegal memory access"));
    EXPECT_THAT(answer.error().text(), HasSubstr("cuda:0"));
    EXPECT_FALSE(device->enqueue(input(1), 0, 10));  // spent
    EXPECT_EQ(gpu().resets, 0u);
    device.reset();
    EXPECT_EQ(gpu().resets, 1u);

    device = open();
    ASSERT_NE(device, nullptr);
    const KnownBlock& known = known_blocks()[0];
    ASSERT_TRUE(device->enqueue(input(1), known.nonce, 1));
    const auto good = device->collect();
    ASSERT_TRUE(good);
    EXPECT_EQ(good->total, 1u);
}

TEST_F(CudaDevice, ThatFailsWhileOpeningSaysSo) {
    gpu().stuck = cudaErrorIllegalAddress;
    auto opened = list({}).at(0).open();
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().text(), HasSubstr("cuda:0"));
    opened = list({}).at(0).open();  // the failed session has reset it
    EXPECT_TRUE(opened);
}

TEST_F(CudaDevice, ThatLosesHitsIsRefused) {
    gpu().drop_hits = true;
    const auto opened = list({}).at(0).open();
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().text(), HasSubstr("self-test"));
}

// Last in this process: a GPU that hung is not opened again.
TEST_F(CudaDevice, ThatHangsIsGivenUp) {
    {
        auto opened = Session::open(0, std::chrono::milliseconds(20));
        ASSERT_TRUE(opened);
        auto& session = **opened;
        gpu().hangs = true;
        ASSERT_TRUE(session.start(input(1), 0, 10, Plan{{{0, 1}}, 0}, 10));
        const auto answer = session.finish();
        ASSERT_FALSE(answer);
        EXPECT_THAT(answer.error().text(), HasSubstr("no answer"));
    }
    EXPECT_EQ(gpu().resets, 0u);
    EXPECT_GT(gpu().alive, 0);  // left alone
    const auto opened = list({}).at(0).open();
    ASSERT_FALSE(opened);
    EXPECT_THAT(opened.error().text(), HasSubstr("hangs"));
    gpu() = {};
}

}  // namespace
}  // namespace lode::backend::cuda
