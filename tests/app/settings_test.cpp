#include "app/settings.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/mine_command.h"

namespace lode::app {
namespace {

using Strings = std::vector<std::string>;

MineCommand read(const Strings& arguments) {
    auto command = read_mine_command(arguments);
    EXPECT_TRUE(command) << command.error().text();
    return command ? *command : MineCommand();
}

TEST(Settings, AreShownWithoutSecrets) {
    const auto command = read({"-o",
                               "stratum+tcp://a:1",
                               "-u",
                               "alice",
                               "-p",
                               "s3cret",
                               "-o",
                               "http://bob:s3cret@b:2",
                               "-o",
                               "c:3",
                               "-u",
                               "carol",
                               "-p",
                               "s3cret",
                               "--coinbase-addr",
                               "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
                               "--http",
                               "8080",
                               "--http-token",
                               "s3cret-token",
                               "-x",
                               "socks5://me:s3cret@h:1",
                               "--no-longpoll",
                               "--retries",
                               "3"});
    const auto text = shown(command.settings).dump();
    EXPECT_EQ(text.find("s3cret"), std::string::npos) << text;
    EXPECT_EQ(text, R"({"pools":[{"url":"stratum+tcp://a:1","user":"alice","pass":"***"},)"
                    R"({"url":"http://b:2","user":"bob","pass":"***"},)"
                    R"({"url":"c:3","user":"carol","pass":"***"}],)"
                    R"("coinbase-addr":"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa","http":8080,"http-token":"***",)"
                    R"("no-longpoll":true,"pass":"***","proxy":"socks5://h:1","retries":3,"user":""})");
}

// However a flag without a value was given one.
TEST(Settings, FlagsAreTrueOrFalse) {
    for (const char* given : {"--quiet", "--quiet=1", "--quiet=yes", "--quiet=true"})
        EXPECT_EQ(shown(read({given}).settings).dump(), R"({"quiet":true})") << given;
    for (const char* given : {"--quiet=0", "--quiet=no", "--quiet=false"})
        EXPECT_EQ(shown(read({given}).settings).dump(), R"({"quiet":false})") << given;
    EXPECT_EQ(shown(read({"--no-longpoll=yes"}).settings).dump(), R"({"no-longpoll":true})");
    EXPECT_EQ(shown(read({"--no-longpoll=no"}).settings).dump(), R"({"no-longpoll":false})");
}

TEST(Settings, DifferInNames) {
    const auto a = read({"-o", "a:1", "-u", "u", "-p", "x"}).settings;
    EXPECT_TRUE(differences(a, a).empty());
    const auto b = read({"-o", "a:1", "-u", "u", "-p", "y", "--threads", "2"}).settings;
    EXPECT_EQ(differences(a, b), (Strings{"pass", "threads"}));
    EXPECT_EQ(differences(b, a), (Strings{"pass", "threads"}));
}

TEST(MineCommand, IsCheckedAsFarAsPossible) {
    const auto error = [](const Strings& arguments) {
        const auto command = read_mine_command(arguments);
        return command ? std::string() : command.error().text();
    };
    EXPECT_EQ(error({"-o", "a:1", "-u", "u"}), "");
    EXPECT_NE(error({"-o", "a:1"}).find("-u: "), std::string::npos);
    EXPECT_NE(error({"-o", "ftp://a:1"}).find("unknown scheme"), std::string::npos);
    EXPECT_NE(error({"--bloks", "3"}).find("--bloks"), std::string::npos);
    EXPECT_NE(error({"--http", "0.0.0.0:1"}).find("--http"), std::string::npos);
    EXPECT_NE(error({"-o", "a:1", "-u", "${LODE_NO_SUCH}"}).find("LODE_NO_SUCH"), std::string::npos);
}

}  // namespace
}  // namespace lode::app
