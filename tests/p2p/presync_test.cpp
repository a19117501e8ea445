#include "p2p/presync.h"

#include <gtest/gtest.h>

#include "tests/p2p/mined.h"

namespace lode::p2p {
namespace {

// Main's rules from 10 blocks before a retarget on.
class PresyncBits : public testing::Test {
 protected:
    static constexpr std::uint32_t kBits = 0x1c0fffff;
    static constexpr std::int64_t kHeight = 2015 - 10;

    static std::vector<BlockHeader> headers(std::size_t count, std::uint32_t bits) {
        std::vector<BlockHeader> made(count);
        for (auto& header : made) header.bits = bits;
        return made;
    }
    Presync::State count(const std::vector<BlockHeader>& headers) {
        return presync.count(headers, Hash256{{1}}, Uint256::max());
    }

    Presync presync{*chain::find_network("main"), {}, {kHeight, Uint256(7), kBits}};
};

TEST_F(PresyncBits, MustStayWithinAPeriod) {
    auto batch = headers(kMaxHeaders, kBits);
    batch[3].bits = 0x1b0fffff;  // 256 times as much work
    EXPECT_EQ(count(batch), Presync::State::BadBits);
    EXPECT_EQ(presync.place().work, Uint256(7));  // nothing of it counts
}

TEST_F(PresyncBits, MayChangeFourfoldAtARetarget) {
    auto batch = headers(kMaxHeaders, 0x1c03ffff);
    std::fill_n(batch.begin(), 10, headers(1, kBits)[0]);
    EXPECT_EQ(count(batch), Presync::State::Counting);
    EXPECT_EQ(presync.place().height, kHeight + 2000);
    EXPECT_EQ(presync.place().bits, 0x1c03ffffu);
}

TEST_F(PresyncBits, MayNotChangeMoreThanFourfold) {
    auto batch = headers(kMaxHeaders, 0x1c03fffd);
    std::fill_n(batch.begin(), 10, headers(1, kBits)[0]);
    EXPECT_EQ(count(batch), Presync::State::BadBits);
}

TEST_F(PresyncBits, AreComparedWithTheMessageBefore) {
    EXPECT_EQ(count(headers(10, kBits)), Presync::State::Weak);
    EXPECT_EQ(presync.place().height, 2015);
    EXPECT_EQ(count(headers(kMaxHeaders, 0x1c03ffff)), Presync::State::Counting);
    EXPECT_EQ(count(headers(kMaxHeaders, kBits)), Presync::State::BadBits);
}

}  // namespace
}  // namespace lode::p2p
