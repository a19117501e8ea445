#include "app/checks.h"

#include <gtest/gtest.h>

namespace lode::app {
namespace {

using std::chrono::milliseconds;

// What the option has become, or the error.
struct Parsed {
    milliseconds value{0};
    std::string error;
};

Parsed parse(const std::string& text, SecondsRange range = {}) {
    Parsed parsed;
    CLI::App command("test");
    add_seconds(command, "--limit", parsed.value, "", range);
    try {
        command.parse("--limit=" + text);
    } catch (const CLI::ParseError& error) {
        parsed.error = error.what();
    }
    return parsed;
}

TEST(Seconds, AreRoundedUpToMilliseconds) {
    EXPECT_EQ(parse("2").value, milliseconds(2000));
    EXPECT_EQ(parse("0.25").value, milliseconds(250));
    EXPECT_EQ(parse("0.00001").value, milliseconds(1));  // 0 would be no limit at all
    EXPECT_EQ(parse("1e3").value, milliseconds(1'000'000));
}

TEST(Seconds, BeyondACenturyAreACentury) {
    for (const char* text : {"1e10", "1e17", "1e300"}) {
        EXPECT_EQ(parse(text).error, "") << text;
        EXPECT_EQ(parse(text).value, milliseconds(3'153'600'000'000)) << text;
    }
    // A point in time can be computed from it: the clock counts nanoseconds in 63 bits.
    EXPECT_GT(std::chrono::steady_clock::now() + parse("1e17").value, std::chrono::steady_clock::now());
}

TEST(Seconds, AreFiniteAndAboveZero) {
    for (const char* text : {"inf", "-inf", "nan", "infinity", "1e999", "0", "-1", "x", "1x", ""})
        EXPECT_NE(parse(text).error, "") << text;
    EXPECT_NE(parse("inf").error.find("'inf' is not a number of seconds above 0"), std::string::npos)
        << parse("inf").error;
}

TEST(Seconds, StayInTheirRange) {
    const SecondsRange range{0.1, 86400};
    EXPECT_EQ(parse("0.1", range).value, milliseconds(100));
    EXPECT_EQ(parse("86400", range).value, milliseconds(86'400'000));
    for (const char* text : {"0.09", "86401", "nan", "inf"})
        EXPECT_NE(parse(text, range).error.find("a number of seconds from 0.1 to 86400"), std::string::npos)
            << text << ": " << parse(text, range).error;
}

}  // namespace
}  // namespace lode::app
