#include "source/sv2/frame.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lode::source::sv2 {
namespace {

using ::testing::HasSubstr;

const Bytes32 kKey = {1, 2, 3};

Bytes sealed(const std::vector<Frame>& frames) {
    Cipher cipher(kKey);
    Bytes out;
    for (const Frame& frame : frames) seal_frame(frame, cipher, out);
    return out;
}

Frame frame(std::size_t size, std::uint8_t type = 0x1f) {
    Bytes payload(size);
    for (std::size_t i = 0; i < size; ++i) payload[i] = static_cast<std::uint8_t>(i * 7);
    return {.extension = 0, .channel = true, .type = type, .payload = std::move(payload)};
}

FrameReader reader(std::size_t max = kMaxMiningPayload) {
    return {Cipher(kKey), max};
}

TEST(Sv2Frame, EveryLengthAroundTheChunksComesBack) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kMaxChunk - 1, kMaxChunk, kMaxChunk + 1,
                                   2 * kMaxChunk, 3 * kMaxChunk + 5}) {
        const Bytes bytes = sealed({frame(size), frame(3, 0x20)});
        const std::size_t chunks = (size + kMaxChunk - 1) / kMaxChunk;
        EXPECT_EQ(bytes.size(), 22 + size + 16 * chunks + 22 + 3 + 16);
        FrameReader in = reader();
        in.feed(bytes);
        EXPECT_EQ(**in.next(), frame(size)) << size;
        EXPECT_EQ(**in.next(), frame(3, 0x20));
        EXPECT_FALSE(*in.next());
    }
}

TEST(Sv2Frame, HeaderIsExtensionTypeAndLengthLittleEndian) {
    const Bytes bytes =
        sealed({{.extension = 0x0102, .channel = true, .type = 0x1f, .payload = Bytes(0x203)}});
    Cipher cipher(kKey);
    Bytes header;
    ASSERT_TRUE(cipher.open(std::span(bytes).first(22), {}, header));
    EXPECT_EQ(header, (Bytes{0x02, 0x81, 0x1f, 0x03, 0x02, 0x00}));
}

TEST(Sv2Frame, ComesTogetherByteByByte) {
    const Bytes bytes = sealed({frame(70'000), frame(0)});
    FrameReader in = reader();
    std::vector<Frame> got;
    for (const std::uint8_t byte : bytes) {
        in.feed(std::span(&byte, 1));
        while (auto next = *in.next()) got.push_back(*next);
    }
    EXPECT_EQ(got, (std::vector<Frame>{frame(70'000), frame(0)}));
}

TEST(Sv2Frame, ALengthOverTheBoundIsRefusedBeforeItsPayload) {
    FrameReader in = reader(1000);
    const Bytes largest = sealed({frame((1u << 24) - 1)});
    in.feed(std::span(largest).first(kSealedHeaderSize));
    const auto next = in.next();
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().text(), "a frame of 16777215 bytes, type 0x1f (expected: at most 1000)");
    FrameReader exact = reader(1000);
    exact.feed(sealed({frame(1000)}));
    EXPECT_TRUE(*exact.next());
}

TEST(Sv2Frame, AlteredReplayedAndReorderedFramesAreRefused) {
    const Bytes first = sealed({frame(10)}), both = sealed({frame(10), frame(20)});
    const std::span second = std::span(both).subspan(first.size());
    const auto refused = [](std::initializer_list<std::span<const std::uint8_t>> pieces, std::size_t good) {
        FrameReader in = reader();
        for (const auto piece : pieces) in.feed(piece);
        for (; good > 0; --good) EXPECT_TRUE(*in.next());
        const auto next = in.next();
        return next ? "" : next.error().text();
    };
    EXPECT_THAT(refused({first, first}, 1), HasSubstr("header of a frame is not authentic"));
    EXPECT_THAT(refused({second}, 0), HasSubstr("header of a frame is not authentic"));
    Bytes altered = first;
    altered[21] ^= 1;  // the header's tag
    EXPECT_THAT(refused({altered}, 0), HasSubstr("header of a frame is not authentic"));
    altered = first;
    altered[22] ^= 1;
    EXPECT_THAT(refused({altered}, 0), HasSubstr("payload of a frame of type 0x1f is not authentic"));
    altered = first;
    altered.back() ^= 1;
    EXPECT_THAT(refused({altered}, 0), HasSubstr("payload of a frame of type 0x1f is not authentic"));
}

}  // namespace
}  // namespace lode::source::sv2
