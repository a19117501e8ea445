#include "engine/batch_size.h"

#include <gtest/gtest.h>

namespace lode::engine {
namespace {

using namespace std::chrono_literals;

DeviceInfo device(std::chrono::microseconds batch, std::uint64_t granularity = 1) {
    DeviceInfo info;
    info.batch = batch;
    info.granularity = granularity;
    return info;
}

TEST(BatchSize, SettlesAtTheWantedTime) {
    BatchSize size(device(20ms, 1024));
    for (int i = 0; i < 40; ++i) {  // a device of 10 GH/s
        const auto hashes = 4 * size.nonces(4, 0);
        size.measured(hashes, std::chrono::nanoseconds(hashes / 10));
    }
    EXPECT_NEAR(static_cast<double>(4 * size.nonces(4, 0)), 200e6, 2e6);
    EXPECT_EQ(size.nonces(4, 0) % 1024, 0u);
}

TEST(BatchSize, EasyTargetsKeepHitsUnderTheBuffer) {
    const BatchSize size(device(2ms));
    EXPECT_EQ(size.nonces(8, 0x7fffffff), 4u);  // every second hash hits: 32 hashes give 16
    EXPECT_EQ(size.nonces(8, 0xffffffff), 2u);
    EXPECT_EQ(size.nonces(1, 0xffffffff), 16u);
}

TEST(BatchSize, NeverZeroNeverMoreThanARoll) {
    BatchSize size(device(1s));
    for (int i = 0; i < 100; ++i) size.measured(std::uint64_t{1} << 40, 1ns);
    EXPECT_EQ(size.nonces(1, 0), std::uint64_t{1} << 32);
    BatchSize slow(device(1us));
    for (int i = 0; i < 100; ++i) slow.measured(1, 10s);
    EXPECT_GE(slow.nonces(8, 0xffffffff), 1u);
}

}  // namespace
}  // namespace lode::engine
