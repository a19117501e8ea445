#include "cgminer_api/commands.h"

#include <gtest/gtest.h>

#include "cgminer_api/sample_view.h"

namespace lode::cgminer_api {
namespace {

const Rights kReader{}, kOwner{.reads = true, .writes = true};

// Without the NUL at its end, which every answer has.
std::string ask(std::string_view request, const Rights& rights = kReader, const View& view = sample_view()) {
    std::string bytes = answer(parse_request(request), view, rights).bytes;
    EXPECT_EQ(bytes.find('\0'), bytes.size() - 1);
    bytes.pop_back();
    return bytes;
}
nlohmann::json json(std::string_view command, const Rights& rights = kReader,
                    const View& view = sample_view()) {
    return nlohmann::json::parse(ask(command, rights, view));
}
int code(std::string_view request, const Rights& rights = kReader, const View& view = sample_view()) {
    return json(request, rights, view)["STATUS"][0]["Code"];
}

TEST(Commands, AnAnswerInJson) {
    const auto answer = json(R"({"command":"version"})");
    ASSERT_EQ(answer.size(), 3u);
    EXPECT_EQ(answer["id"], 1);
    const auto status = answer["STATUS"][0];
    EXPECT_EQ(status["STATUS"], "S");
    EXPECT_TRUE(status["When"].is_number_integer());
    EXPECT_EQ(status["Code"], 22);
    EXPECT_EQ(status["Msg"], "CGMiner versions");
    EXPECT_EQ(status["Description"].get<std::string>().substr(0, 5), "lode ");
    EXPECT_EQ(answer["VERSION"][0]["API"], "3.7");
}

TEST(Commands, TextAnswersEscapeSeparators) {
    const std::string text = ask("devdetails");
    EXPECT_EQ(text.substr(0, 14), "STATUS=S,When=");
    EXPECT_NE(text.find("|DEVDETAILS=0,Name=CUDA,ID=0,Driver=cuda,Kernel=sm_90,Model=NVIDIA \\| H200,Device "
                        "Path=cuda:0|DEVDETAILS=1,"),
              std::string::npos)
        << text;
    EXPECT_NE(ask("pgacount").find("|PGAS,Count=2|"), std::string::npos);
}

TEST(Commands, EveryReportHasItsCodeAndSection) {
    const struct {
        const char *command, *section;
        int code;
        std::size_t records;
    } kCases[] = {
        {"version", "VERSION", 22, 1}, {"summary", "SUMMARY", 11, 1}, {"config", "CONFIG", 33, 1},
        {"devs", "DEVS", 9, 2},        {"edevs", "DEVS", 9, 2},       {"pools", "POOLS", 7, 3},
        {"stats", "STATS", 70, 5},     {"estats", "STATS", 70, 5},    {"devdetails", "DEVDETAILS", 69, 2},
        {"notify", "NOTIFY", 60, 2},   {"coin", "COIN", 78, 1},       {"pgacount", "PGAS", 59, 1},
        {"asccount", "ASCS", 104, 1}};
    for (const auto& c : kCases) {
        const auto answer = json(std::string(R"({"command":")") + c.command + "\"}");
        EXPECT_EQ(answer["STATUS"][0]["Code"], c.code) << c.command;
        EXPECT_EQ(answer[c.section].size(), c.records) << c.command;
    }
}

TEST(Commands, OneDevice) {
    EXPECT_EQ(json(R"({"command":"pga","parameter":1})")["PGA"][0]["Name"], "CPU");
    EXPECT_EQ(code(R"({"command":"pga"})"), 15);
    EXPECT_EQ(code(R"({"command":"pga","parameter":2})"), 58);
    EXPECT_EQ(code(R"({"command":"pga","parameter":"-1"})"), 58);
    View none = sample_view();
    none.snapshot.devices.clear();
    EXPECT_EQ(code(R"({"command":"devs"})", kReader, none), 10);
}

TEST(Commands, JoinedCommandsHaveAPartEach) {
    const auto answer = json(R"({"command":"summary+pga+nosuch+quit"})", kOwner);
    ASSERT_EQ(answer.size(), 5u);
    EXPECT_EQ(answer["summary"][0]["SUMMARY"][0]["Accepted"], 10);
    EXPECT_EQ(answer["summary"][0]["id"], 1);
    EXPECT_EQ(answer["pga"][0]["STATUS"][0]["Code"], 45);  // needs a parameter
    EXPECT_EQ(answer["nosuch"][0]["STATUS"][0]["Code"], 14);
    EXPECT_EQ(answer["quit"][0]["STATUS"][0]["Msg"], "Access denied to 'quit' command");
    EXPECT_EQ(answer["id"], 1);

    const std::string text = ask("version+devs");
    EXPECT_EQ(text.substr(0, 20), "CMD=version|STATUS=S");
    EXPECT_NE(text.find("|CMD=devs|STATUS=S"), std::string::npos);
}

TEST(Commands, PrivilegedCommandsNeedTheRight) {
    for (const char* command : {"quit", "restart", "switchpool", "addpool", "privileged"}) {
        const std::string request = std::string(R"({"command":")") + command + "\"}";
        EXPECT_EQ(code(request), 45) << command;
        EXPECT_EQ(answer(parse_request(request), sample_view(), kReader).action, Action::None);
    }
    EXPECT_EQ(code(R"({"command":"privileged"})", kOwner), 46);
}

TEST(Commands, QuitAndRestartSayGoodbye) {
    EXPECT_EQ(ask(R"({"command":"quit"})", kOwner), R"({"STATUS":"BYE","id":1})");
    EXPECT_EQ(ask("restart", kOwner), "RESTART");
    EXPECT_EQ(answer(parse_request("quit"), sample_view(), kOwner).action, Action::Quit);
    EXPECT_EQ(answer(parse_request("restart"), sample_view(), kOwner).action, Action::Restart);
}

TEST(Commands, CheckSaysWhatExistsAndIsAllowed) {
    const auto check = [](const char* command, const Rights& rights) {
        return json(std::string(R"({"command":"check","parameter":")") + command + "\"}", rights)["CHECK"][0]
            .dump();
    };
    EXPECT_EQ(check("summary", kReader), R"({"Access":"Y","Exists":"Y"})");
    EXPECT_EQ(check("quit", kReader), R"({"Access":"N","Exists":"Y"})");
    EXPECT_EQ(check("quit", kOwner), R"({"Access":"Y","Exists":"Y"})");
    EXPECT_EQ(check("pgaenable", kOwner), R"({"Access":"N","Exists":"N"})");
    EXPECT_EQ(code(R"({"command":"check"})"), 71);
}

TEST(Commands, PoolsCannotBeChanged) {
    const auto pool = [](const char* command, const char* parameter) {
        return code(std::string(R"({"command":")") + command + R"(","parameter":")" + parameter + "\"}",
                    kOwner);
    };
    EXPECT_EQ(pool("switchpool", "0"), 27);  // the one in use
    EXPECT_EQ(pool("switchpool", "1"), 27);
    EXPECT_EQ(pool("switchpool", "3"), 26);
    EXPECT_EQ(pool("switchpool", ""), 25);
    EXPECT_EQ(pool("enablepool", "1"), 49);
    EXPECT_EQ(pool("disablepool", "1"), 1000);
    EXPECT_EQ(pool("removepool", "0"), 67);
    EXPECT_EQ(pool("removepool", "1"), 1000);
    EXPECT_EQ(pool("addpool", "a,b,c"), 1000);
    EXPECT_EQ(pool("poolpriority", "1,0"), 1000);
}

TEST(Commands, SwitchpoolSwitchesToAnother) {
    const auto to = [](const char* index, const Rights& rights = kOwner) {
        const std::string request = std::string(R"({"command":"switchpool","parameter":")") + index + "\"}";
        return answer(parse_request(request), sample_view(), rights).switch_to;
    };
    EXPECT_EQ(to("2"), 2u);
    EXPECT_EQ(to("0"), std::nullopt);  // the one in use
    EXPECT_EQ(to("3"), std::nullopt);
    EXPECT_EQ(to("2", kReader), std::nullopt);
}

TEST(Commands, InvalidRequestsAreErrors) {
    EXPECT_EQ(code("{"), 23);
    EXPECT_EQ(code("{}"), 24);
    EXPECT_EQ(code(R"({"command":"nosuch"})"), 14);
    // What a page in a browser could make it send.
    const std::string http = "POST /+quit+ HTTP/1.1\r\nHost: a\r\n\r\nquit";
    EXPECT_EQ(answer(parse_request(http), sample_view(), kOwner).action, Action::None);
    EXPECT_NE(ask("").find("STATUS=E,"), std::string::npos);
}

// An answer is text that any terminal and any parser takes.
TEST(Commands, UntrustedTextIsMadePrintable) {
    const std::string text = ask("\x1b[2J\xff+x");
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    View view = sample_view();
    view.accounts.pools[0].pool.user = "b\xff\n\x1b\"\\";
    const std::string bytes = ask(R"({"command":"pools"})", kReader, view);
    EXPECT_TRUE(nlohmann::json::accept(bytes));
    for (const char c : bytes) EXPECT_TRUE(c >= 0x20 && c < 0x7f) << int{c};
}

}  // namespace
}  // namespace lode::cgminer_api
