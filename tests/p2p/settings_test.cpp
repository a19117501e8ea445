#include "p2p/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "util/hex.h"

namespace lode::p2p {
namespace {

using testing::HasSubstr;

const chain::Network& signet() {
    return *chain::find_network("signet");
}

std::string error(const std::vector<std::string>& peers, const std::string& listen,
                  const std::string& proxy = {}) {
    DialOptions dial;
    dial.proxy = proxy;
    const auto settings = node_settings(signet(), peers, listen, dial);
    return settings ? "" : settings.error().text();
}

TEST(NodeSettings, TakeTheNetworksPortAndMagic) {
    const auto settings = node_settings(signet(), {"192.0.2.1", "[2001:db8::1]:18444"}, "127.0.0.1", {});
    ASSERT_TRUE(settings);
    EXPECT_EQ(util::to_hex(settings->magic), "0a03cf40");  // BIP 325
    ASSERT_EQ(settings->peers.size(), 2u);
    EXPECT_EQ(settings->peers[0].authority(), "192.0.2.1:38333");
    EXPECT_EQ(settings->peers[1].authority(), "[2001:db8::1]:18444");
    EXPECT_EQ(settings->listen->authority(), "127.0.0.1:38333");
}

// BIP 325: the first four bytes of SHA-256d of the challenge with its length, here 01 51 (OP_TRUE). The value
// is that of `printf '\x01\x51' | sha256sum`, its digest hashed once more.
TEST(NodeSettings, TakeACustomSignetsMagic) {
    const auto custom = chain::custom_signet(std::vector<std::uint8_t>{0x51});
    EXPECT_EQ(util::to_hex(node_settings(custom, {"192.0.2.1"}, "", {})->magic), "54d26fbd");
}

TEST(NodeSettings, ErrorsNameWhatIsWrong) {
    EXPECT_THAT(error({"192.0.2.1", "host:99999"}, ""), HasSubstr("peer 'host:99999'"));
    EXPECT_THAT(error({"1234"}, ""), HasSubstr("no host"));
    EXPECT_THAT(error({}, "127.0.0.1:x"), HasSubstr("address to listen on"));
    EXPECT_THAT(error({"192.0.2.1"}, "", "http://127.0.0.1:1"), HasSubstr("proxy"));
}

}  // namespace
}  // namespace lode::p2p
