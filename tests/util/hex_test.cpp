#include "util/hex.h"

#include <gtest/gtest.h>

namespace lode::util {
namespace {

TEST(Hex, RoundTrip) {
    const std::vector<std::uint8_t> data = {0x00, 0x0f, 0xf0, 0xff, 0xa5};
    EXPECT_EQ(to_hex(data), "000ff0ffa5");
    EXPECT_EQ(from_hex("000FF0ffA5"), data);
    EXPECT_TRUE(from_hex("")->empty());
}

TEST(Hex, RefusesWhatIsNotHex) {
    EXPECT_FALSE(from_hex("abc"));
    EXPECT_FALSE(from_hex("zz"));
    EXPECT_FALSE(from_hex("0x00"));
    EXPECT_FALSE(from_hex("a b "));
    EXPECT_FALSE(from_hex("aabb", 1));
}

TEST(Hex, U32NeedNotBePadded) {
    EXPECT_EQ(hex_u32("1d00ffff"), 0x1d00ffffu);
    EXPECT_EQ(hex_u32("1"), 1u);
    EXPECT_EQ(hex_u32("0x1FFFe000"), 0x1fffe000u);
    EXPECT_FALSE(hex_u32("0x"));
    EXPECT_FALSE(hex_u32("0x123456789"));
    EXPECT_FALSE(hex_u32(""));
    EXPECT_FALSE(hex_u32("123456789"));
    EXPECT_FALSE(hex_u32("-1"));
}

TEST(Printable, KeepsTextReplacesTheRest) {
    EXPECT_EQ(printable("plain caf\xc3\xa9"), "plain caf\xc3\xa9");
    EXPECT_EQ(printable("\x1b[31mred\x07\n"), "?[31mred??");
    EXPECT_EQ(printable("\xff\xfe"), "??");
    EXPECT_EQ(printable("\xc2\x9b"
                        "2J"),
              "?2J");  // C1 control sequence introducer
    EXPECT_EQ(printable("a\xe2\x80\xae"
                        "b"),
              "a?b");                             // right-to-left override
    EXPECT_EQ(printable("\xed\xa0\x80"), "???");  // a surrogate
    EXPECT_EQ(printable("abcdef", 3), "abc...");
}

}  // namespace
}  // namespace lode::util
