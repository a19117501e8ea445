#include "backend/cpu/cpu_device.h"

#include <atomic>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "backend/known_blocks.h"
#include "backend/registry.h"
#include "backend/self_test.h"
#include "lode/cuts_short.h"

namespace lode::backend::cpu {
namespace {

using Key = std::pair<std::uint32_t, std::uint32_t>;

// Every seventh nonce of variant 0 is a hit: the arithmetic of ranges without the hashing.
void scan_sevenths(const ScanInput&, std::uint32_t first, std::uint64_t count, ScanResult& result) {
    for (std::uint64_t i = 0; i < count; ++i)
        if ((first + i) % 7 == 0) result.add(static_cast<std::uint32_t>(first + i), 0);
}

std::atomic<int> slow_scans{0};
void scan_slowly(const ScanInput&, std::uint32_t, std::uint64_t, ScanResult&) {
    ++slow_scans;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

std::atomic<std::uint64_t> nonces_scanned{0};
void scan_counting(const ScanInput&, std::uint32_t, std::uint64_t count, ScanResult&) {
    nonces_scanned += count;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void scan_nothing(const ScanInput&, std::uint32_t, std::uint64_t, ScanResult&) {}

std::unique_ptr<Device> open(kernels::ScanFunction scan, unsigned threads) {
    auto opened = make_device({"test", true, 1, scan}, {.threads = threads}, 0);
    return std::move(*opened);
}

ScanResult collected(Device& device) {
    return device.collect().value();
}

TEST(CpuDevice, EveryNonceIsScannedOnceWhateverTheThreads) {
    for (const unsigned threads : {1u, 2u, 3u, 8u}) {
        const auto device = open(scan_sevenths, threads);
        for (const std::uint64_t count : {1u, 255u, 256u, 257u, 700u, 70000u, 1u << 20}) {
            const std::uint32_t first = 14;
            ASSERT_TRUE(device->enqueue({}, first, count));
            const ScanResult result = collected(*device);
            ASSERT_EQ(result.total, (count + 6) / 7) << threads << " threads, " << count;
            std::set<Key> kept;
            for (std::size_t i = 0; i < result.kept(); ++i) {
                EXPECT_EQ(result.hits[i].nonce % 7, 0u);
                EXPECT_LT(result.hits[i].nonce - first, count);
                kept.emplace(result.hits[i].nonce, result.hits[i].variant);
            }
            EXPECT_EQ(kept.size(), std::min<std::uint64_t>(result.total, kMaxHits));
        }
    }
}

TEST(CpuDevice, TwoScansInFlightKeepTheirHitsApart) {
    const auto device = open(scan_sevenths, 4);
    for (unsigned i = 0; i < 200; ++i) {
        ASSERT_TRUE(device->enqueue({}, 0, 7 * 60));       // 60 hits
        ASSERT_TRUE(device->enqueue({}, 7000, 7 * 1000));  // 1000 hits
        const ScanResult few = collected(*device), many = collected(*device);
        ASSERT_EQ(few.total, 60u);
        ASSERT_EQ(many.total, 1000u);
        for (std::size_t k = 0; k < few.kept(); ++k) ASSERT_LT(few.hits[k].nonce, 420u);
        for (std::size_t k = 0; k < many.kept(); ++k) ASSERT_GE(many.hits[k].nonce, 7000u);
    }
}

// Without the cut these scans take many minutes.
TEST(CpuDevice, ScansThatAreCutShortEndAndSayWhatWasLeftOut) {
    constexpr std::uint64_t kMany = std::uint64_t{1} << 31;
    const auto device = open(scan_counting, 2);
    nonces_scanned = 0;
    ASSERT_TRUE(device->enqueue({}, 0, kMany));
    ASSERT_TRUE(device->enqueue({}, 0, kMany));
    auto& cutting = dynamic_cast<CutsShort&>(*device);
    std::thread other([&] {
        while (nonces_scanned == 0) std::this_thread::yield();
        cutting.cut_short();
    });
    std::uint64_t left_out = 0;
    for (int i = 0; i < 2; ++i) {
        (void)collected(*device);
        EXPECT_GT(cutting.left_out(), 0u);
        left_out += cutting.left_out();
    }
    other.join();
    EXPECT_EQ(left_out + nonces_scanned, 2 * kMany);
    ASSERT_TRUE(device->enqueue({}, 0, 1000));
    (void)collected(*device);
    EXPECT_EQ(cutting.left_out(), 0u);
}

// What a batch costs beside its hashes is the same for every number of threads.
TEST(CpuDevice, FewThreadsHaveLongerBatches) {
    using std::chrono::milliseconds;
    EXPECT_EQ(open(scan_nothing, 1)->info().batch, milliseconds(16));
    EXPECT_EQ(open(scan_nothing, 2)->info().batch, milliseconds(8));
    EXPECT_EQ(open(scan_nothing, 4)->info().batch, milliseconds(4));
    EXPECT_EQ(open(scan_nothing, 9)->info().batch, milliseconds(4));
}

TEST(CpuDevice, MisuseIsAnError) {
    const auto device = open(scan_sevenths, 2);
    EXPECT_TRUE(!device->collect());
    EXPECT_TRUE(device->enqueue({}, 0, 10));
    EXPECT_TRUE(device->enqueue({}, 0, 10));
    EXPECT_FALSE(device->enqueue({}, 0, 10)) << "a third scan with two in flight";
    EXPECT_EQ(collected(*device).total, 2u);
    EXPECT_EQ(collected(*device).total, 2u);
}

TEST(CpuDevice, DestructionWaitsForThePieceNotForTheScan) {
    slow_scans = 0;
    {
        const auto device = open(scan_slowly, 2);
        ASSERT_TRUE(device->enqueue({}, 0, std::uint64_t{1} << 32));  // a day of such pieces
        while (slow_scans == 0) std::this_thread::yield();
    }
    EXPECT_LT(slow_scans, 100);
}

TEST(CpuDevice, NameTellsTheKernelThatRuns) {
    const BackendOptions options{
        .cpu_threads = 3, .cache_dir = testing::TempDir(), .retune = false, .progress = {}};
    const auto selected = select_devices("cpu:portable", options);
    const auto& entries = *selected;
    ASSERT_EQ(entries.size(), 1u);
    const auto opened = entries[0].open();
    const DeviceInfo& info = (*opened)->info();
    EXPECT_EQ(info.kernel, "portable");
    EXPECT_EQ(info.id, "cpu");
    EXPECT_EQ(info.threads, 3u);
}

TEST(SelfTest, AWrongKernelDoesNotPass) {
    EXPECT_TRUE(self_test(scanner(kernels::scan_portable)));
    const auto tested = self_test(scanner(scan_nothing));
    ASSERT_FALSE(tested);
    EXPECT_EQ(tested.error().text(),
              "self-test: block 0 with 1 variants: its nonce was not found alone, 0 hits");
}

}  // namespace
}  // namespace lode::backend::cpu
