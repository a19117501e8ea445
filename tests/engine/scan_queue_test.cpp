#include "engine/scan_queue.h"

#include <gtest/gtest.h>

#include "support/fakes.h"

namespace lode::engine {
namespace {

// Answers every scan with the same result.
class LyingDevice final : public Device, public CutsShort {
 public:
    LyingDevice() { info_.id = "gpu"; }
    const DeviceInfo& info() const override { return info_; }
    Result<void> enqueue(const ScanInput&, std::uint32_t first, std::uint64_t count) override {
        if (beyond) answer.hits[0].nonce = static_cast<std::uint32_t>(first + count);
        return {};
    }
    Result<ScanResult> collect() override { return answer; }

    void cut_short() override {}
    std::uint64_t left_out() const override { return cut; }

    ScanResult answer;
    std::uint64_t cut = 0;
    bool beyond = false;  // its first hit lies behind the scan's last nonce

 private:
    DeviceInfo info_;
};

std::string error_of(LyingDevice& device) {
    ScanQueue queue(device);
    EXPECT_TRUE(queue.fill({work::seal(testing::easy_job(4, 8)), 1}));
    const auto found = queue.collect();
    return found ? "" : found.error().text();
}

TEST(ScanQueue, RefusesHitsThatNoScanCanHave) {
    const std::string expected = "gpu: a hit outside its scan (expected: one of its nonces and variants)";
    LyingDevice device;
    device.answer.add(0, 0);
    EXPECT_EQ(error_of(device), "");
    device.beyond = true;
    EXPECT_EQ(error_of(device), expected);
    device.beyond = false;
    device.answer.hits[0] = {0, 0xa5a5a5a5};
    EXPECT_EQ(error_of(device), expected);
    device.answer.total = ~std::uint64_t{0};
    EXPECT_EQ(error_of(device), "gpu: more hits than hashes (expected: at most one hit a hash)");
}

TEST(ScanQueue, WhatADeviceLeavesOutIsNoHash) {
    LyingDevice device;
    const auto hashes = [&] {
        ScanQueue queue(device);
        EXPECT_TRUE(queue.fill({work::seal(testing::easy_job(4, 8)), 1}));
        EXPECT_TRUE(queue.collect());
        return queue.take_hashes();
    };
    const std::uint64_t all = hashes();
    ASSERT_GT(all, 8u);
    device.cut = 1;
    EXPECT_EQ(hashes(), all - device.info().variants);
    device.cut = all;
    EXPECT_EQ(hashes(), 0u);
}

}  // namespace
}  // namespace lode::engine
