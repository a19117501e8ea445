#include <fstream>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/node/block_reply.h"
#include "source/node/credentials.h"
#include "source/node/journal.h"
#include "source/node/rpc.h"
#include "support/fake_node.h"

namespace lode::source::node {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Kind = BlockReply::Kind;

RpcResult reply(unsigned status, std::string body) {
    return decode_reply({status, std::move(body), {}});
}

// As Knots and bcoin sent them.
TEST(Rpc, RecordedReplies) {
    EXPECT_EQ(reply(200, R"({"result":2,"error":null,"id":1})")->result, 2);
    const auto warming =
        reply(500, R"({"result":null,"error":{"code":-28,"message":"Verifying blocks…"},"id":1})");
    EXPECT_EQ(warming.error().code, -28);
    EXPECT_EQ(warming.error().error.kind, ErrorKind::Unreachable);
    EXPECT_THAT(warming.error().error.what, HasSubstr("Verifying blocks"));
    const auto missing =
        reply(404, R"({"result":null,"error":{"code":-32601,"message":"Method not found"},"id":1})");
    EXPECT_EQ(missing.error().code, kRpcNotFound);
    EXPECT_TRUE(missing.error().answered());
    EXPECT_EQ(
        reply(200,
              R"({"result":null,"error":{"message":"Out of bounds read (offset=0).","code":-22},"id":1})")
            .error()
            .code,
        -22);
    EXPECT_TRUE(reply(401, "").error().unauthorized());
    // Knots: for an address that rpcallowip leaves out, and for a method that rpcwhitelist leaves out.
    EXPECT_FALSE(reply(403, "").error().unauthorized());
    EXPECT_TRUE(reply(403, "").error().forbidden());
    EXPECT_THAT(reply(403, "").error().error.text(),
                AllOf(HasSubstr("rpcallowip"), HasSubstr("rpcwhitelist")));
}

TEST(Rpc, HostileReplies) {
    for (const char* body : {"", "null", "1", "[]", "{}", "{\"result\":1", "\xff\xfe", R"({"id":1})"})
        EXPECT_EQ(reply(200, body).error().error.kind, ErrorKind::Malformed) << body;
    EXPECT_EQ(reply(502, "<html>Bad Gateway</html>").error().error.kind, ErrorKind::Unreachable);
    EXPECT_EQ(reply(501, "<html>").error().error.kind, ErrorKind::Malformed);
    EXPECT_THAT(reply(200, "\x1b[2Jhello").error().error.what, HasSubstr("?[2Jhello"));
    EXPECT_NE(reply(200, R"({"error":{"code":1e99,"message":5}})").error().code, 0);
    EXPECT_NE(reply(200, R"({"error":true})").error().code, 0);
    EXPECT_NE(reply(200, R"({"error":{"code":0}})").error().code, 0);
}

Kind kind_of(const char* body, unsigned status = 200) {
    return read_block_reply(reply(status, body)).kind;
}

TEST(BlockReply, AnswersToSubmitblock) {
    EXPECT_EQ(kind_of(R"({"result":null,"error":null})"), Kind::Has);
    EXPECT_EQ(kind_of(R"({"result":"duplicate"})"), Kind::Has);
    EXPECT_EQ(kind_of(R"({"result":"rejected: duplicate"})"), Kind::Has);
    EXPECT_EQ(kind_of(R"({"result":"inconclusive"})"), Kind::Stale);
    EXPECT_EQ(kind_of(R"({"result":"duplicate-invalid"})"), Kind::Refused);
    EXPECT_EQ(kind_of(R"({"result":"high-hash"})"), Kind::Refused);
    EXPECT_EQ(kind_of(R"({"result":"rejected: high-hash"})"), Kind::Refused);
    EXPECT_EQ(kind_of(R"({"result":"prev-blk-not-found"})"), Kind::Orphan);
    EXPECT_EQ(kind_of(R"({"result":"rejected: bad-prevblk"})"), Kind::Orphan);
    EXPECT_EQ(kind_of(R"({"result":"time-too-new"})"), Kind::Later);
    EXPECT_EQ(kind_of(R"({"result":7})"), Kind::Later);
    EXPECT_EQ(kind_of(R"({"error":{"code":-22,"message":"Block decode failed"}})", 500), Kind::Refused);
    EXPECT_EQ(kind_of(R"({"error":{"code":-28,"message":"Loading"}})", 500), Kind::Later);
    EXPECT_EQ(kind_of("", 401), Kind::Later);
    EXPECT_EQ(kind_of("<html>", 200), Kind::Later);
    EXPECT_EQ(read_block_reply(reply(200, R"({"result":"rejected: bad-cb-height"})")).reason,
              "rejected: bad-cb-height");
}

// RFC 4648, section 10, as user and password.
TEST(Credentials, Basic) {
    const auto header = [](const char* url) { return Credentials(*util::parse_url(url), {}).header(); };
    EXPECT_EQ(header("http://fo:bar@h:1"), "Basic Zm86YmFy");
    EXPECT_EQ(header("http://foo:ba@h:1"), "Basic Zm9vOmJh");
    EXPECT_EQ(header("http://foo:bar@h:1"), "Basic Zm9vOmJhcg==");
    EXPECT_EQ(header("http://foo:barb@h:1"), "Basic Zm9vOmJhcmI=");
    EXPECT_EQ(header("http://h:1"), "");
    SourceOptions options;
    options.rpc_user = "foo";
    options.rpc_password = "bar";
    EXPECT_EQ(Credentials(*util::parse_url("http://h:1"), options).header(), "Basic Zm9vOmJhcg==");
    EXPECT_EQ(Credentials(*util::parse_url("http://fo:bar@h:1"), options).header(), "Basic Zm86YmFy");
    // User and password serve a node too where nothing is said for it.
    SourceOptions plain;
    plain.user = "foo";
    plain.password = "bar";
    EXPECT_EQ(Credentials(*util::parse_url("http://h:1"), plain).header(), "Basic Zm9vOmJhcg==");
    plain.rpc_user = "fo";
    plain.rpc_password = "bar";
    EXPECT_EQ(Credentials(*util::parse_url("http://h:1"), plain).header(), "Basic Zm86YmFy");
}

TEST(Credentials, CookieThatComesAndChanges) {
    const testing::TemporaryFolder folder;
    SourceOptions options;
    options.rpc_cookie = (folder.path() / ".cookie").string();
    Credentials credentials(*util::parse_url("http://h:1"), options);
    EXPECT_EQ(credentials.header(), "");
    EXPECT_FALSE(credentials.reload());
    std::ofstream(options.rpc_cookie) << "foo:bar\n";
    EXPECT_TRUE(credentials.reload());
    EXPECT_EQ(credentials.header(), "Basic Zm9vOmJhcg==");
    EXPECT_FALSE(credentials.reload());
}

// The genesis block's header and a byte: the hash is right, the rest does not matter here.
PendingBlock block() {
    PendingBlock b;
    b.network = "main";
    b.node = "http://node:8332";
    b.height = 7;
    b.hash = *Hash256::from_hex("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f");
    b.found = 1231006505;
    b.hex =
        "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e6776"
        "8f617f"
        "c81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c01";
    return b;
}

struct JournalTest : ::testing::Test {
    // From now on it outlives this process; synced counts what is on the disk.
    Result<void> add(const PendingBlock& b) {
        return journal.add(b, [this](const std::optional<Error>& error) { synced += error ? 0 : 1; });
    }
    const testing::TemporaryFolder folder;
    boost::asio::io_context io;
    net::DiskThread disk{io.get_executor()};
    Journal journal{folder.path(), disk};
    std::vector<std::string> errors;
    int synced = 0;
};

TEST_F(JournalTest, KeepsUntilResolved) {
    ASSERT_TRUE(add(block()));
    EXPECT_EQ(synced, 0);  // and yet another process sees it whole
    const auto loaded = Journal(folder.path(), disk).load(errors);
    ASSERT_EQ(loaded.size(), 1u);
    EXPECT_TRUE(errors.empty());
    EXPECT_EQ(loaded[0].network, "main");
    EXPECT_EQ(loaded[0].node, "http://node:8332");
    EXPECT_EQ(loaded[0].height, 7);
    EXPECT_EQ(loaded[0].hash, block().hash);
    EXPECT_EQ(loaded[0].found, 1231006505);
    EXPECT_EQ(loaded[0].hex, block().hex);
    io.run();
    EXPECT_EQ(synced, 1);
    ASSERT_TRUE(journal.resolve(loaded[0], "accepted", false));
    EXPECT_TRUE(journal.load(errors).empty());
    std::ifstream log(folder.path() / "blocks.log");
    std::string line;
    std::getline(log, line);
    EXPECT_THAT(line, HasSubstr("\"outcome\":\"accepted\""));
}

// The node's answer may come before the sync ends.
TEST_F(JournalTest, ResolvedBeforeItIsSynced) {
    ASSERT_TRUE(add(block()));
    ASSERT_TRUE(journal.resolve(block(), "accepted", false));
    io.run();
    EXPECT_EQ(synced, 1);
    EXPECT_TRUE(journal.load(errors).empty());
}

TEST_F(JournalTest, TornAndFalseEntriesAreSetAside) {
    ASSERT_TRUE(add(block()));
    const auto path = folder.path() / "blocks-pending" / (block().hash.hex() + ".json");
    std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
    PendingBlock other = block();
    other.hash.bytes[0] ^= 1;  // not the hash of its bytes
    ASSERT_TRUE(add(other));
    std::ofstream(folder.path() / "blocks-pending" / "half.json.new") << "{";  // a process died while writing
    EXPECT_TRUE(journal.load(errors).empty());
    ASSERT_EQ(errors.size(), 2u);
    EXPECT_THAT(errors, ::testing::Contains(HasSubstr("incomplete or not JSON")));
    EXPECT_THAT(errors, ::testing::Contains(HasSubstr("does not have the hash")));
    errors.clear();
    EXPECT_TRUE(journal.load(errors).empty());
    EXPECT_TRUE(errors.empty());  // once is enough
}

// A process was killed between writing and renaming: a whole entry is a found block, an old torn one is
// nothing.
TEST_F(JournalTest, DraftsAreAdoptedWhenWhole) {
    ASSERT_TRUE(add(block()));
    const auto path = folder.path() / "blocks-pending" / (block().hash.hex() + ".json");
    std::filesystem::rename(path, path.string() + ".new");
    const auto torn = folder.path() / "blocks-pending" / "old.json.new";
    std::ofstream(torn) << "{";
    std::filesystem::last_write_time(torn,
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
    const auto loaded = journal.load(errors);
    ASSERT_EQ(loaded.size(), 1u);
    EXPECT_EQ(loaded[0].hash, block().hash);
    EXPECT_TRUE(errors.empty());
    EXPECT_TRUE(std::filesystem::exists(path));
    EXPECT_FALSE(std::filesystem::exists(torn));
}

TEST_F(JournalTest, UnwritableDirectoryIsNamed) {
    std::ofstream(folder.path() / "blocks-pending") << "a file where the folder should be";
    const auto added = add(block());
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().kind, ErrorKind::Storage);
    EXPECT_THAT(added.error().text(), HasSubstr("blocks-pending"));
}

}  // namespace
}  // namespace lode::source::node
