#include "p2p/messages.h"

#include <gtest/gtest.h>

#include "util/hex.h"

namespace lode::p2p {
namespace {

constexpr Magic kMain = {0xf9, 0xbe, 0xb4, 0xd9};

// Block 1 of mainnet.
const char* const kHeader1 =
    "010000006fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000982051fd1e4ba744bbbe680e1fee1467"
    "7ba1"
    "a3c3540bf7b1cdb606e857233e0e61bc6649ffff001d01e36299";

Result<Message> parse_hex(const char* command, const std::string& payload) {
    return parse(Frame{command, *util::from_hex(payload)});
}

Message through_the_wire(const Message& message) {
    FrameReader reader(kMain);
    reader.feed(serialize(kMain, message));
    const auto frame = reader.next();
    EXPECT_TRUE(frame && *frame);
    auto parsed = parse(**frame);
    EXPECT_TRUE(parsed) << parsed.error().text();
    return *parsed;
}

TEST(Messages, ComeBackAsTheyWent) {
    const Hash256 a = *Hash256::from_hex(std::string(64, 'a')), b = *Hash256::from_hex(std::string(64, 'b'));
    const auto header =
        BlockHeader::parse(std::span<const std::uint8_t>(*util::from_hex(kHeader1)).first<kHeaderSize>());
    for (const Message& m : std::initializer_list<Message>{
             Version{70016, 1, 1700000000, 0x0123456789abcdef, "/lode:0.1.0/", -1, false}, Verack{}, Ping{7},
             Pong{~0ull}, SendHeaders{}, GetHeaders{{a, b}, b}, GetHeaders{}, Headers{{header, header}},
             Headers{}, Inventory{{{InventoryItem::kBlock, a}}}, GetData{{{InventoryItem::kWitnessBlock, b}}},
             NotFound{{{1, a}, {2, b}}}, BlockData{{1, 2, 3}}, Other{"feefilter"}})
        EXPECT_EQ(through_the_wire(m), m) << command_of(m);
}

TEST(Messages, HeadersOfBlockOne) {
    const auto m = parse_hex("headers", "01" + std::string(kHeader1) + "00");
    ASSERT_TRUE(m);
    ASSERT_EQ(std::get<Headers>(*m).headers.size(), 1u);
    EXPECT_EQ(std::get<Headers>(*m).headers[0].hash().hex(),
              "00000000839a8e6886ab5951d76f411475428afc90947ee320161bbf18eb6048");
}

// A version message of Bitcoin Core 0.7, from the protocol's documentation; BIP 37's relay byte is missing.
TEST(Messages, VersionWithoutRelayByte) {
    const auto m =
        parse_hex("version",
                  "62ea0000010000000000000011b2d05000000000010000000000000000000000000000000000ffff"
                  "000000000000010000000000000000000000000000000000ffff0000000000003b2eb35d8ce61765"
                  "0f2f5361746f7368693a302e372e322fc03e0300");
    ASSERT_TRUE(m);
    const auto& version = std::get<Version>(*m);
    EXPECT_EQ(version.protocol, 60002u);
    EXPECT_EQ(version.services, kNodeNetwork);
    EXPECT_EQ(version.time, 1355854353);
    EXPECT_EQ(version.user_agent, "/Satoshi:0.7.2/");
    EXPECT_EQ(version.height, 212672);
    EXPECT_TRUE(version.relay);
}

TEST(Messages, TooManyOrTooShortIsMalformed) {
    // Counts that promise more than the bytes hold, and counts above the protocol's limits.
    EXPECT_FALSE(parse_hex("headers", "01" + std::string(kHeader1)));
    EXPECT_FALSE(parse_hex("headers", "fdd107"));  // 2001
    EXPECT_FALSE(parse_hex("headers", "fdd007"));  // 2000 of none
    EXPECT_FALSE(parse_hex("headers", ""));
    EXPECT_FALSE(parse_hex("inv", "fe51c30000"));  // 50,001
    EXPECT_FALSE(parse_hex("inv", "ffffffffffffffffff"));
    EXPECT_FALSE(parse_hex("getdata", "0102000000"));
    EXPECT_FALSE(parse_hex("getheaders", "7f11010066" + std::string(std::size_t{64} * 103, '0')));  // 102
    EXPECT_FALSE(parse_hex("ping", "00000000000000"));
    EXPECT_FALSE(parse_hex("version", "7f110100"));
    EXPECT_TRUE(parse_hex("getheaders", "7f11010065" + std::string(std::size_t{64} * 102, '0')));  // 101
}

TEST(Messages, UnknownOnesAreNamedAndPassedOver) {
    const auto m = parse_hex("wtxidrelay", "");
    ASSERT_TRUE(m);
    EXPECT_EQ(std::get<Other>(*m).command, "wtxidrelay");
}

}  // namespace
}  // namespace lode::p2p
