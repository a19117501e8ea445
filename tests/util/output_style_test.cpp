#include "util/output_style.h"

#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace lode::util {
namespace {

using enum ColorChoice;

TEST(OutputStyle, ColorOnATerminalUnlessSomebodySaysOtherwise) {
    EXPECT_TRUE(color_wanted(Auto, nullptr, nullptr, "xterm", true));
    EXPECT_FALSE(color_wanted(Auto, nullptr, nullptr, "xterm", false));
    EXPECT_FALSE(color_wanted(Auto, nullptr, nullptr, "dumb", true));
    EXPECT_FALSE(color_wanted(Auto, "1", nullptr, "xterm", true));
    EXPECT_TRUE(
        color_wanted(Auto, "", nullptr, "xterm", true));  // https://no-color.org: "not an empty string"
    EXPECT_TRUE(color_wanted(Auto, nullptr, "1", nullptr, false));
    EXPECT_FALSE(color_wanted(Auto, nullptr, "0", "xterm", true));
    EXPECT_FALSE(color_wanted(Auto, "1", "1", "xterm", true));
    EXPECT_TRUE(color_wanted(Always, "1", nullptr, "dumb", false));
    EXPECT_FALSE(color_wanted(Never, nullptr, "1", "xterm", true));
}

TEST(OutputStyle, TheJournalIsTheStreamThatItsVariableNames) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    struct stat file = {};
    ASSERT_EQ(::fstat(ends[1], &file), 0);
    const std::string name = fmt::format("{}:{}", file.st_dev, file.st_ino);
    EXPECT_TRUE(leads_to_journal(name.c_str(), ends[1]));
    EXPECT_FALSE(leads_to_journal((name + "1").c_str(), ends[1]));
    EXPECT_FALSE(leads_to_journal(nullptr, ends[1]));
    EXPECT_FALSE(leads_to_journal("", ends[1]));
    ::close(ends[0]);
    ::close(ends[1]);
    EXPECT_FALSE(leads_to_journal(name.c_str(), ends[1]));  // closed
}

}  // namespace
}  // namespace lode::util
