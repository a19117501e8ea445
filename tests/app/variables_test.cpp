#include "app/variables.h"

#include <cstdlib>
#include <unistd.h>

#include <gtest/gtest.h>

namespace lode::app {
namespace {

struct Variables : ::testing::Test {
    Variables() { ::setenv("LODE_TEST_NAME", "rig 7/Ärger", 1); }
    ~Variables() override { ::unsetenv("LODE_TEST_NAME"); }
    static std::string of(std::string_view text, Expanded as = Expanded::User) {
        const auto expanded = expand_variables(text, as);
        return expanded ? *expanded : "error: " + expanded.error().text();
    }
};

TEST_F(Variables, ValuesOfUsersAreWhatPoolsTake) {
    EXPECT_EQ(of("al@ice.${LODE_TEST_NAME}-x"), "al@ice.rig-7---rger-x");
    EXPECT_EQ(of("${LODE_TEST_NAME}", Expanded::Text), "rig 7/Ärger");
    EXPECT_EQ(of("${LODE_TEST_NAME}${LODE_TEST_NAME}", Expanded::Text), "rig 7/Ärgerrig 7/Ärger");
}

TEST_F(Variables, OtherTextStays) {
    for (const char* text : {"", "alice", "$", "$HOME", "a}b", "{x}", "$$", "5$"}) EXPECT_EQ(of(text), text);
    EXPECT_EQ(of("$${HOME}"), "${HOME}");
    EXPECT_EQ(of("$${${LODE_TEST_NAME}"), "${rig-7---rger");
}

TEST_F(Variables, TheHostNameIsOnePartOfAWorker) {
    char name[256] = {};
    ASSERT_EQ(::gethostname(name, sizeof name - 1), 0);
    const auto host = of("${HOSTNAME}");
    EXPECT_EQ(host.size(), std::string(name).size());
    EXPECT_EQ(host.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"),
              std::string::npos);
}

// A value is not expanded again.
TEST_F(Variables, ValuesAreOnlyText) {
    ::setenv("LODE_TEST_NAME", "${HOME}", 1);
    EXPECT_EQ(of("${LODE_TEST_NAME}", Expanded::Text), "${HOME}");
}

TEST_F(Variables, ErrorsNameTheVariable) {
    EXPECT_EQ(of("${LODE_NO_SUCH}"), "error: ${LODE_NO_SUCH}: the variable is not set");
    for (const char* text : {"${", "${}", "${a b}", "${1A}", "x${HOME"})
        EXPECT_NE(of(text).find("without a variable's name"), std::string::npos) << text;
    ::setenv("LODE_TEST_NAME", std::string(65, 'x').c_str(), 1);
    EXPECT_NE(of("${LODE_TEST_NAME}").find("65 bytes"), std::string::npos);
    EXPECT_EQ(of("${LODE_TEST_NAME}", Expanded::Text).size(), 65u);
    ::setenv("LODE_TEST_NAME", std::string(257, 'x').c_str(), 1);
    EXPECT_NE(of("${LODE_TEST_NAME}", Expanded::Text).find("257 bytes"), std::string::npos);
    ::setenv("LODE_TEST_NAME", "a\nb", 1);
    EXPECT_NE(of("${LODE_TEST_NAME}", Expanded::Text).find("control"), std::string::npos);
}

}  // namespace
}  // namespace lode::app
