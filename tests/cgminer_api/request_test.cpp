#include "cgminer_api/request.h"

#include <gtest/gtest.h>

namespace lode::cgminer_api {
namespace {

using namespace std::string_literals;
using Strings = std::vector<std::string>;

TEST(Request, TextWithAndWithoutAParameter) {
    const auto request = parse_request("pga|0");
    EXPECT_EQ(request.form, Request::Form::Text);
    EXPECT_EQ(request.commands, Strings{"pga"});
    EXPECT_EQ(request.parameter, "0");
    EXPECT_FALSE(request.joined);
    EXPECT_EQ(parse_request("summary").commands, Strings{"summary"});
    EXPECT_EQ(parse_request("addpool|a,b,c|d").parameter, "a,b,c|d");
}

// What `echo summary | nc` sends, and clients that end with NUL.
TEST(Request, WhatFollowsATextRequestIsIgnored) {
    for (const auto& bytes : {"summary\n"s, "summary\r\n"s, "summary\0"s, " summary \nquit"s})
        EXPECT_EQ(parse_request(bytes).commands, Strings{"summary"}) << bytes;
}

TEST(Request, JsonWithStringsAndNumbers) {
    const auto request = parse_request(R"( {"command":"pga","parameter":"1"})"
                                       "\n");
    EXPECT_EQ(request.form, Request::Form::Json);
    EXPECT_EQ(request.commands, Strings{"pga"});
    EXPECT_EQ(request.parameter, "1");
    EXPECT_EQ(parse_request(R"({"command":"pga","parameter":1})").parameter, "1");
    EXPECT_EQ(parse_request(R"({"command":"a","parameter":[1]})").parameter, "");
}

TEST(Request, JoinedCommandsComeOnceAndInOrder) {
    const auto request = parse_request(R"({"command":"+summary+devs++summary+"})");
    EXPECT_TRUE(request.joined);
    EXPECT_EQ(request.commands, (Strings{"summary", "devs"}));
    EXPECT_TRUE(parse_request("summary+").joined);
}

TEST(Request, FaultsAreNamed) {
    using enum Request::Fault;
    EXPECT_EQ(parse_request("{bad").fault, InvalidJson);
    EXPECT_EQ(parse_request("{} trailing").fault, InvalidJson);
    EXPECT_EQ(parse_request("{}").fault, NoCommand);
    EXPECT_EQ(parse_request(R"({"command":7})").fault, NoCommand);
    EXPECT_EQ(parse_request("+++").fault, NoCommand);
    std::string many;
    for (std::size_t i = 0; i <= kMaxJoinedCommands; ++i) many += "c" + std::to_string(i) + "+";
    EXPECT_EQ(parse_request(many).fault, TooManyCommands);
    EXPECT_EQ(parse_request(std::string(kMaxRequest, '[')).fault, None);  // text: an unknown command
    EXPECT_EQ(parse_request("{\"a\":" + std::string(4000, '[')).fault, InvalidJson);
}

TEST(Request, DetectsCompleteRequests) {
    EXPECT_FALSE(is_complete(""));
    EXPECT_FALSE(is_complete("\n"));
    EXPECT_FALSE(is_complete("summ"));
    EXPECT_TRUE(is_complete("summary\n"));
    EXPECT_TRUE(is_complete("summary\0"s));
    EXPECT_TRUE(is_complete("\nsummary\nx"));
    EXPECT_FALSE(is_complete(R"({"command":)"));
    EXPECT_FALSE(is_complete(R"({"command":{})"));
    EXPECT_TRUE(is_complete(R"({"command":"summary"})"));
    EXPECT_TRUE(is_complete(std::string(kMaxRequest, 'x')));
}

}  // namespace
}  // namespace lode::cgminer_api
