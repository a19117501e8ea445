#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/stratum/messages.h"
#include "source/stratum/redirect.h"
#include "source/stratum/replies.h"

namespace lode::source::stratum {
namespace {

using ::testing::HasSubstr;

std::string repeat(const std::string& text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

const std::string kPrev = R"("4d16b6f85af6e2198f44ae2a6de67f78487ae5611b77c6c0440b921e00000000")";

// A notify with parts replaced: the nine parameters as JSON.
std::string notify(const std::string& job_id = R"("j")", const std::string& prev = kPrev,
                   const std::string& coinbase1 = R"("01")", const std::string& coinbase2 = R"("02")",
                   const std::string& branch = "[]", const std::string& version = R"("20000000")",
                   const std::string& bits = R"("1d00ffff")", const std::string& time = R"("504e86b9")",
                   const std::string& clean = "true") {
    return R"({"id":null,"method":"mining.notify","params":[)" + job_id + "," + prev + "," + coinbase1 + "," +
           coinbase2 + "," + branch + "," + version + "," + bits + "," + time + "," + clean + "]}";
}

// Each line is refused with an error that names what is wrong.
TEST(StratumMessages, HostileLinesAreNamedErrors) {
    const std::string hash = '"' + repeat("ab", 32) + '"';
    struct Row {
        const char* name;
        std::string line;
        const char* says;
    };
    const Row rows[] = {
        {"empty object", "{}", "a method, a result or an error"},
        {"not JSON", "HTTP/1.1 400 Bad Request", "not JSON"},
        {"cut off", R"({"id":1,"result")", "not JSON"},
        {"a number", "17", "a JSON object"},
        {"an array", "[1,2]", "a JSON object"},
        {"over a megabyte", '"' + std::string(kMaxLine, 'a') + '"', "at most 1 MiB"},
        {"deep arrays", repeat("[", 100'000), "nested too deeply"},
        {"deep objects", repeat(R"({"a":)", 100'000), "nested too deeply"},
        {"deep but closed", repeat("[", 17) + repeat("]", 17), "nested too deeply"},
        {"not UTF-8", "{\"method\":\"client.show_message\",\"params\":[\"\xff\xfe\"]}", "not JSON"},
        {"number beyond double", R"({"method":"mining.set_difficulty","params":[1e400]})", "not JSON"},
        {"method a number", R"({"method":5,"params":[]})", "method"},
        {"params an object", R"({"method":"mining.notify","params":{"a":1}})", "an array"},
        {"params a string", R"({"method":"mining.set_difficulty","params":"1"})", "an array"},
        {"params missing", R"({"method":"mining.notify"})", "0 parameters"},
        {"notify too short", R"({"method":"mining.notify","params":["j"]})", "1 parameters"},
        {"job id a number", notify("5"), "job id"},
        {"job id empty", notify(R"("")"), "job id"},
        {"job id too long", notify('"' + std::string(129, 'j') + '"'), "job id"},
        {"job id that moves the cursor", notify(R"("\u001b[2J")"), "job id"},
        {"prevhash too short", notify(R"("j")", R"("00")"), "previous block"},
        {"prevhash too long", notify(R"("j")", '"' + repeat("ab", 33) + '"'), "previous block"},
        {"prevhash not hex", notify(R"("j")", '"' + repeat("zz", 32) + '"'), "previous block"},
        {"prevhash null", notify(R"("j")", "null"), "previous block"},
        {"coinbase of odd length", notify(R"("j")", kPrev, R"("012")"), "coinbase 1"},
        {"coinbase an array", notify(R"("j")", kPrev, R"("01")", "[]"), "coinbase 2"},
        {"branch a string", notify(R"("j")", kPrev, R"("01")", R"("02")", hash), "an array"},
        {"10,000 branches",
         notify(R"("j")", kPrev, R"("01")", R"("02")", "[" + repeat(hash + ",", 9'999) + hash + "]"),
         "10000 hashes"},
        {"33 branches",
         notify(R"("j")", kPrev, R"("01")", R"("02")", "[" + repeat(hash + ",", 32) + hash + "]"),
         "33 hashes"},
        {"branch of numbers", notify(R"("j")", kPrev, R"("01")", R"("02")", "[1]"), "merkle branch"},
        {"short branch", notify(R"("j")", kPrev, R"("01")", R"("02")", R"(["ab"])"), "merkle branch"},
        {"version of 9 digits", notify(R"("j")", kPrev, R"("01")", R"("02")", "[]", R"("120000000")"),
         "version"},
        {"nBits a number", notify(R"("j")", kPrev, R"("01")", R"("02")", "[]", R"("2")", "486604799"),
         "nBits"},
        {"nTime empty",
         notify(R"("j")", kPrev, R"("01")", R"("02")", "[]", R"("2")", R"("1d00ffff")", R"("")"), "nTime"},
        {"clean_jobs a string",
         notify(R"("j")", kPrev, R"("01")", R"("02")", "[]", R"("2")", R"("1d00ffff")", R"("1")", R"("yes")"),
         "clean_jobs"},
        {"difficulty missing", R"({"method":"mining.set_difficulty","params":[]})", "set_difficulty"},
        {"difficulty a word", R"({"method":"mining.set_difficulty","params":["easy"]})", "set_difficulty"},
        {"difficulty 0", R"({"method":"mining.set_difficulty","params":[0]})", "greater than zero"},
        {"difficulty negative", R"({"method":"mining.set_difficulty","params":[-1]})", "greater than zero"},
        {"difficulty NaN", R"({"method":"mining.set_difficulty","params":[NaN]})", "not JSON"},
        {"difficulty null", R"({"method":"mining.set_difficulty","params":[null]})", "a number"},
        {"extranonce2 size -1", R"({"method":"mining.set_extranonce","params":["00",-1]})",
         "extranonce2 size"},
        {"extranonce2 size 33", R"({"method":"mining.set_extranonce","params":["00",33]})",
         "extranonce2 size"},
        {"extranonce2 size 1e9", R"({"method":"mining.set_extranonce","params":["00",1000000000]})",
         "extranonce2 size"},
        {"extranonce2 size 2^64",
         R"({"method":"mining.set_extranonce","params":["00",18446744073709551615]})", "extranonce2 size"},
        {"extranonce2 size a float", R"({"method":"mining.set_extranonce","params":["00",1e9]})",
         "extranonce2 size"},
        {"extranonce1 of 101 bytes",
         R"({"method":"mining.set_extranonce","params":[")" + repeat("00", 101) + R"(",4]})", "extranonce1"},
        {"extranonce1 a number", R"({"method":"mining.set_extranonce","params":[7,4]})", "extranonce1"},
        {"mask not hex", R"({"method":"mining.set_version_mask","params":["mask"]})", "set_version_mask"},
        {"mask missing", R"({"method":"mining.set_version_mask","params":[]})", "set_version_mask"},
        {"message an object", R"({"method":"client.show_message","params":[{}]})", "show_message"},
        {"reconnect to a number", R"({"method":"client.reconnect","params":[1,2,3]})", "reconnect"},
        {"reconnect with a path", R"({"method":"client.reconnect","params":["evil/x",1,2]})", "reconnect"},
        {"reconnect to port 65536", R"({"method":"client.reconnect","params":["h",65536,0]})", "reconnect"},
    };
    for (const Row& row : rows) {
        const auto message = parse_line(row.line);
        ASSERT_FALSE(message) << row.name;
        EXPECT_EQ(message.error().kind, ErrorKind::Malformed) << row.name;
        EXPECT_THAT(message.error().text(), HasSubstr(row.says)) << row.name;
        EXPECT_LT(message.error().text().size(), 300u) << row.name;
        EXPECT_EQ(message.error().text().find('\x1b'), std::string::npos) << row.name;
    }
}

TEST(StratumMessages, Notify) {
    const auto message = parse_line(notify());
    ASSERT_TRUE(message) << message.error().text();
    const auto& job = std::get<Notify>(*message);
    EXPECT_EQ(job.job_id, "j");
    // each word of the wire's hash reversed, then the whole reversed for people
    EXPECT_EQ(job.prev.hex(), "00000000440b921e1b77c6c0487ae5616de67f788f44ae2a5af6e2194d16b6f8");
    EXPECT_EQ(job.version, 0x20000000u);
    EXPECT_EQ(job.bits, 0x1d00ffffu);
    EXPECT_EQ(job.time, 0x504e86b9u);
    EXPECT_TRUE(job.clean);
}

TEST(StratumMessages, NumbersNeedNoLeadingZeros) {
    const auto message =
        parse_line(notify(R"("j")", kPrev, R"("01")", R"("02")", "[]", R"("2")", R"("1d00ffff")", R"("5")"));
    ASSERT_TRUE(message);
    EXPECT_EQ(std::get<Notify>(*message).version, 2u);
    EXPECT_EQ(std::get<Notify>(*message).time, 5u);
}

// Pools in the field: each can mean only one thing.
TEST(StratumMessages, WhatCanMeanOnlyOneThingIsTakenAsMeant) {
    const auto clean = [](const std::string& flag) {
        const auto message = parse_line(notify(R"("j")", kPrev, R"("01")", R"("02")", "[]", R"("20000000")",
                                               R"("1d00ffff")", R"("504e86b9")", flag));
        return message ? std::optional(std::get<Notify>(*message).clean) : std::nullopt;
    };
    EXPECT_EQ(clean("1"), true);
    EXPECT_EQ(clean("1.0"), true);
    EXPECT_EQ(clean("0"), false);
    EXPECT_EQ(clean("null"), false);
    EXPECT_EQ(clean(R"("true")"), true);
    EXPECT_EQ(clean("2"), std::nullopt);
    EXPECT_EQ(clean(R"("extra",true)"), true);
    std::string short_one = notify();
    short_one.replace(short_one.find(",true]"), 6, "]");
    EXPECT_FALSE(std::get<Notify>(*parse_line(short_one)).clean);
    EXPECT_TRUE(
        std::get<Notify>(*parse_line(notify(R"("j")", kPrev, R"("01")", R"("02")", "null"))).branch.empty());
    EXPECT_EQ(std::get<SetDifficulty>(*parse_line(R"({"method":"mining.set_difficulty","params":["0.5"]})"))
                  .difficulty,
              0.5);
    EXPECT_EQ(
        std::get<SetExtranonce>(*parse_line(R"({"method":"mining.set_extranonce","params":["00",18.0]})"))
            .extranonce.second_size,
        18u);
    EXPECT_EQ(std::get<Response>(*parse_line(R"({"id":18.0,"result":1})")).id, 18);
    EXPECT_FALSE(refusal(std::get<Response>(*parse_line(R"({"id":1,"result":1})"))));
}

TEST(StratumMessages, SeveralObjectsOnOneLine) {
    EXPECT_EQ(first_message(R"({"a":"}{"}{"b":1})"), R"({"a":"}{"})");
    EXPECT_EQ(first_message(R"({"a":[{}]} {"b":1})"), R"({"a":[{}]})");
    EXPECT_EQ(first_message(R"({"a":1)"), R"({"a":1)");
    EXPECT_EQ(first_message("garbage {}"), "garbage {}");
    const std::string deep = R"({"a":)" + repeat("[", 100) + "}";
    EXPECT_EQ(first_message(deep), deep);
}

TEST(StratumMessages, ReconnectTo) {
    struct Row {
        const char *params, *host;
        int port;  // -1: refused
    };
    const Row rows[] = {
        {R"(["Pool.Example",3333])", "pool.example", 3333},
        {R"(["pool.example:3333"])", "pool.example", 3333},
        {R"(["pool.example:3333",0,0])", "pool.example", 3333},
        {R"(["pool.example:3333","3334"])", "pool.example", 3334},
        {R"(["[::1]:3333"])", "::1", 3333},
        {R"(["::1",3333])", "::1", 3333},
        {R"(["",3333.0])", "", 3333},
        {R"([])", "", 0},
        {R"(["pool.example:"])", "", -1},
        {R"(["pool.example:99999"])", "", -1},
        {R"(["bob:x@pool.example:1"])", "", -1},
        {R"(["http://pool.example:1"])", "", -1},
    };
    for (const Row& row : rows) {
        const auto message =
            parse_line(std::string(R"({"method":"client.reconnect","params":)") + row.params + "}");
        ASSERT_EQ(message.has_value(), row.port >= 0) << row.params;
        if (!message) continue;
        EXPECT_EQ(std::get<Reconnect>(*message).host, row.host) << row.params;
        EXPECT_EQ(std::get<Reconnect>(*message).port, row.port) << row.params;
    }
}

TEST(StratumMessages, UnknownFieldsAndParametersAreLeftAlone) {
    const auto message = parse_line(
        R"({"jsonrpc":"2.0","method":"mining.set_difficulty","params":[0.5,"x",{}],"id":null,"extra":[[]]})");
    ASSERT_TRUE(message);
    EXPECT_EQ(std::get<SetDifficulty>(*message).difficulty, 0.5);
    EXPECT_EQ(std::get<SetDifficulty>(
                  *parse_line(R"({"method":"mining.set_difficulty","params":[1.0000000000000001e-5]})"))
                  .difficulty,
              1e-5);
}

TEST(StratumMessages, ShownTextIsHarmless) {
    const auto message = parse_line(
        R"({"method":"client.show_message","params":["\u001b]0;owned\u0007\u001b[31m hi \u202e"]})");
    ASSERT_TRUE(message);
    EXPECT_EQ(std::get<ShowMessage>(*message).text, "?]0;owned??[31m hi ?");
}

TEST(StratumMessages, RequestsKeepTheirIdForTheAnswer) {
    EXPECT_EQ(std::get<Request>(*parse_line(R"({"id":7,"method":"mining.ping","params":[]})")).reply_id, "7");
    EXPECT_EQ(std::get<Request>(*parse_line(R"({"id":"a\"b","method":"client.get_version"})")).reply_id,
              R"("a\"b")");
    EXPECT_EQ(std::get<Request>(*parse_line(R"({"id":null,"method":"new.thing","params":{}})")).reply_id, "");
    EXPECT_EQ(std::get<Request>(*parse_line(R"({"id":[[1]],"method":"new.thing"})")).reply_id, "");
    EXPECT_EQ(
        std::get<Request>(*parse_line(R"({"id":")" + std::string(100, 'i') + R"(","method":"mining.ping"})"))
            .reply_id,
        "");
}

TEST(StratumMessages, EveryShapeOfError) {
    struct Row {
        const char* line;
        bool accepted;
        const char* reason;
    };
    const Row rows[] = {
        {R"({"id":4,"result":true,"error":null})", true, ""},
        {R"({"id":4,"result":true})", true, ""},
        {R"({"id":4,"result":true,"error":[]})", true, ""},
        {R"({"id":"4","result":false,"error":[23,"Low difficulty share",null]})", false,
         "Low difficulty share (23)"},
        {R"({"id":4,"result":null,"error":[21,"Job not found"]})", false, "Job not found (21)"},
        {R"({"id":4,"result":null,"error":[22]})", false, "duplicate share (22)"},
        {R"({"id":4,"error":{"code":24,"message":"who?"}})", false, "who? (24)"},
        {R"({"id":4,"error":{"code":-32601}})", false, "error (-32601)"},
        {R"({"id":4,"result":false,"error":"stale"})", false, "stale"},
        {R"({"id":4,"result":false,"error":true})", false, "no reason given"},
        {R"({"id":4,"result":false,"error":null})", false, "no reason given"},
        {R"({"id":4,"result":"rejected","error":null})", false, "rejected"},
        {R"({"id":4,"result":false,"error":null,"reject-reason":"Above target"})", false, "Above target"},
        {R"({"id":4,"result":false,"error":[99,"\u001b[2J"]})", false, "?[2J (99)"},
        {R"({"id":4,"result":null,"error":25})", false, "not subscribed (25)"},
        {R"({"id":4,"result":[true],"error":null})", false, "no reason given"},
    };
    for (const Row& row : rows) {
        const auto message = parse_line(row.line);
        ASSERT_TRUE(message) << row.line;
        const auto& response = std::get<Response>(*message);
        EXPECT_EQ(response.id, 4) << row.line;
        const Outcome outcome = read_share_outcome(response);
        EXPECT_EQ(outcome.status == Outcome::Status::Accepted, row.accepted) << row.line;
        EXPECT_EQ(outcome.reason, row.reason) << row.line;
    }
    EXPECT_EQ(std::get<Remark>(*parse_line(R"("go away\n")")).text, "go away?");
    EXPECT_FALSE(std::get<Response>(*parse_line(R"({"id":99999999999999999999,"result":1})")).id);
    EXPECT_FALSE(std::get<Response>(*parse_line(R"({"id":"4x","result":1})")).id);
}

Result<Subscribed> subscribed(const std::string& result) {
    return read_subscribed(
        std::get<Response>(*parse_line(R"({"id":1,"error":null,"result":)" + result + "}")));
}

TEST(StratumReplies, Subscribe) {
    const auto two = subscribed(R"([[["mining.set_difficulty","d1"],["mining.notify","n1"]],"f0f1",4])");
    ASSERT_TRUE(two);
    EXPECT_EQ(two->session_id, "n1");
    EXPECT_EQ(two->extranonce.first, (std::vector<std::uint8_t>{0xf0, 0xf1}));
    EXPECT_EQ(two->extranonce.second_size, 4u);
    EXPECT_EQ(subscribed(R"([["mining.notify","n2"],"",0])")->session_id, "n2");
    EXPECT_EQ(subscribed(R"([null,"00",32])")->extranonce.second_size, 32u);
    for (const char* bad :
         {"true", "[]", R"([[],"00"])", R"([[],"0",4])", R"([[],null,4])", R"([[],"00",-1])",
          R"([[],"00",33])", R"([[],"00",1000000000])", R"([[],"00",4.5])"})
        EXPECT_FALSE(subscribed(bad)) << bad;
    const auto refused =
        read_subscribed(std::get<Response>(*parse_line(R"({"id":1,"result":null,"error":[20,"full"]})")));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::Refused);
    EXPECT_THAT(refused.error().text(), HasSubstr("full (20)"));
}

Result<Configured> configured(const std::string& result) {
    return read_configured(
        std::get<Response>(*parse_line(R"({"id":1,"error":null,"result":)" + result + "}")));
}

TEST(StratumReplies, ConfigureGrantsEachExtensionByItself) {
    EXPECT_EQ(configured(R"({"version-rolling":true,"version-rolling.mask":"00c00000"})")->version_mask,
              0x00c00000u);
    EXPECT_EQ(configured(R"({"version-rolling":true,"version-rolling.mask":"0"})")->version_mask, 0u);
    EXPECT_EQ(configured(R"({"version-rolling":true,"version-rolling.mask":"0x1FFFE000"})")->version_mask,
              0x1fffe000u);
    EXPECT_EQ(configured(R"({"version-rolling":true,"version-rolling.mask":"2000"})")->version_mask, 0x2000u);
    EXPECT_FALSE(configured(R"({"version-rolling":true,"version-rolling.mask":"0x"})"));
    EXPECT_FALSE(configured(R"({"version-rolling":true,"version-rolling.mask":"0x0x1"})"));
    EXPECT_FALSE(configured(R"({"version-rolling":false,"version-rolling.mask":"1fffe000"})")->version_mask);
    EXPECT_FALSE(configured(R"({"version-rolling":"no such"})")->version_mask);
    EXPECT_FALSE(configured(R"({"version-rolling":true})")->version_mask);
    EXPECT_TRUE(configured(R"({"subscribe-extranonce":true})")->subscribe_extranonce);
    EXPECT_TRUE(configured(R"({"minimum-difficulty":true})")->minimum_difficulty);
    EXPECT_FALSE(configured(R"({})")->minimum_difficulty);
    EXPECT_FALSE(configured("null"));
    EXPECT_FALSE(configured("true"));
    EXPECT_FALSE(configured(R"({"version-rolling":true,"version-rolling.mask":5})"));
}

TEST(StratumRedirect, OnlyTheSameHostOrItsDomain) {
    struct Row {
        const char *from, *to;
        bool allowed;
    };
    const Row rows[] = {
        {"stratum.pool.example", "stratum.pool.example", true},
        {"stratum.pool.example", "stratum.pool.example.", true},
        {"stratum.pool.example", "eu.pool.example", true},
        {"stratum.pool.example", "pool.example", true},
        {"pool.example", "eu.pool.example", true},
        {"stratum.pool.co.uk", "eu.pool.co.uk", true},
        {"stratum.pool.example", "evilpool.example", false},
        {"stratum.pool.example", "pool.example.evil.net", false},
        {"pool.example", "evil.example", false},
        {"pool.co.uk", "evil.co.uk", false},
        {"pool.com.au", "evil.com.au", false},
        {"localhost", "evil.localhost", false},
        {"localhost", "127.0.0.1", false},
        {"127.0.0.1", "127.0.0.1", true},
        {"127.0.0.1", "127.0.0.2", false},
        {"10.0.0.1", "5.0.0.1", false},
        {"::1", "::2", false},
        {"pool.example", "", false},
        {"pool.example", ".", false},
        {"pool.example", ".pool.example", false},
    };
    for (const Row& row : rows)
        EXPECT_EQ(redirect_allowed(row.from, row.to), row.allowed) << row.from << " → " << row.to;
}

}  // namespace
}  // namespace lode::source::stratum
