#include "cgminer_api/access.h"

#include <gtest/gtest.h>

namespace lode::cgminer_api {
namespace {

// "-" not even connected, "r" reads, "w" everything, "p" reads and may switch pools, "s" switch pools only.
std::string rights_of(std::string_view allow, const char* address, std::string_view groups = {}) {
    const auto access = Access::parse(allow, groups);
    if (!access) return access.error().text();
    const auto rights = access->of(boost::asio::ip::make_address(address));
    if (!rights) return "-";
    if (rights->allow("quit", true)) return "w";
    if (rights->allow("switchpool", true)) return rights->allow("summary", false) ? "p" : "s";
    return rights->allow("summary", false) ? "r" : "?";
}

TEST(Access, WithoutAListEverybodyReads) {
    EXPECT_EQ(rights_of("", "127.0.0.1"), "r");
    EXPECT_EQ(rights_of("", "2001:db8::1"), "r");
}

// The examples of cgminer's API-README.
TEST(Access, AddressesAreThoseOfCgminer) {
    constexpr auto kList = "W:192.168.0.1,10.0.0/24";
    EXPECT_EQ(rights_of(kList, "192.168.0.1"), "w");
    EXPECT_EQ(rights_of(kList, "192.168.0.2"), "-");
    EXPECT_EQ(rights_of(kList, "10.0.0.255"), "r");
    EXPECT_EQ(rights_of(kList, "10.0.1.0"), "-");
    EXPECT_EQ(rights_of(kList, "127.0.0.1"), "-");
    EXPECT_EQ(rights_of(kList, "::ffff:192.168.0.1"), "w");  // IPv4 on a socket of IPv6
    EXPECT_EQ(rights_of("W:0/0", "8.8.8.8"), "w");
    EXPECT_EQ(rights_of("W:0/0", "::1"), "w");
    EXPECT_EQ(rights_of("w:[2001:db8::]/33", "2001:db8:7fff::1"), "w");
    EXPECT_EQ(rights_of("w:[2001:db8::]/33", "2001:db8:8000::1"), "-");
}

TEST(Access, TheFirstMatchDecides) {
    EXPECT_EQ(rights_of("R:127.0.0.1,W:127/8", "127.0.0.1"), "r");
    EXPECT_EQ(rights_of("R:127.0.0.1,W:127/8", "127.0.0.2"), "w");
}

TEST(Access, GroupsNameCommands) {
    constexpr auto kGroups = "P:switchpool:*,s:switchpool";
    EXPECT_EQ(rights_of("P:127.0.0.1", "127.0.0.1", kGroups), "p");
    EXPECT_EQ(rights_of("S:127.0.0.1", "127.0.0.1", kGroups), "s");
}

TEST(Access, ErrorsNameWhatIsInvalid) {
    EXPECT_EQ(rights_of("W:300.0.0.1", "::1"),
              "API access list: 'W:300.0.0.1' is no address (expected: such as W:127.0.0.1, 192.168.0/24 or "
              "[::1])");
    for (const char* list :
         {"127.0.0.1/33", "127.0.0.1/", "127.0.0.1/x", "W:", "[::1]/129", "::1", "[::1", "a"})
        EXPECT_NE(rights_of(list, "::1").find("is no address"), std::string::npos) << list;
    EXPECT_EQ(rights_of("Q:127.0.0.1", "::1"),
              "API access list: no such group: Q (expected: R, W or a group that was defined)");
    EXPECT_NE(rights_of("", "::1", "W:quit").find("no new group"), std::string::npos);
    EXPECT_NE(rights_of("", "::1", "P:nosuch").find("no command 'nosuch'"), std::string::npos);
}

}  // namespace
}  // namespace lode::cgminer_api
