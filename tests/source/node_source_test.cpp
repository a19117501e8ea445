#include "source/node/node_source.h"

#include <algorithm>
#include <fstream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_node.h"
#include "support/templates.h"
#include "util/hex.h"

namespace lode::source {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::AnyOf;
using testing::FakeCall;
using testing::FakeNode;
using testing::FakeReply;
using ::testing::HasSubstr;
using testing::RecordingSink;

constexpr auto kAddress = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

// A node that does everything right; tests replace single answers.
class NodeSourceTest : public ::testing::Test {
 protected:
    NodeSourceTest() {
        options.coinbase_addr = kAddress;
        options.data_dir = folder.path().string();
        options.retry_pause = std::chrono::milliseconds(20);
    }
    ~NodeSourceTest() override {
        if (source) source->stop();
    }

    FakeReply answer(const FakeCall& call) {
        if (const auto it = instead.find(call.method); it != instead.end()) return it->second(call);
        if (call.method == "getblockchaininfo") return testing::result({{"chain", "regtest"}});
        if (call.method == "getbestblockhash") return testing::result(work["previousblockhash"]);
        if (call.method == "getblocktemplate") {
            const json& options_given = call.params[0];
            if (options_given.value("mode", "") == "proposal") return testing::result(nullptr);
            if (options_given.contains("longpollid")) {
                FakeReply waits;
                waits.never = true;
                return waits;
            }
            return testing::result(work);
        }
        if (call.method == "submitblock") {
            blocks.push_back(call.params[0].get<std::string>());
            advance();
            return testing::result(nullptr);
        }
        if (call.method == "getblockhash") return testing::result(work["previousblockhash"]);
        return testing::rpc_error(-32601, "Method not found", 404);
    }
    // The block submitted last is the tip.
    void advance() {
        const auto raw = *util::from_hex(blocks.back());
        work["previousblockhash"] = BlockHeader::parse(std::span(raw).first<80>()).hash().hex();
        work["height"] = work["height"].get<int>() + 1;
        work["transactions"] = json::array();
    }

    void begin() {
        auto made = make_node_source(*util::parse_url(node.url()), options, io.get_executor());
        ASSERT_TRUE(made) << made.error().text();
        source = std::move(*made);
        source->start(sink);
    }
    bool until(const std::function<bool()>& done) { return testing::run_until(io, done); }
    std::string first_error() {
        until([&] { return !sink.errors.empty(); });
        return sink.errors.empty() ? "no error" : sink.errors.front().text();
    }
    [[nodiscard]] std::size_t long_polls() const {
        return static_cast<std::size_t>(std::ranges::count_if(node.calls, [](const FakeCall& call) {
            return call.method == "getblocktemplate" && call.params[0].contains("longpollid");
        }));
    }
    [[nodiscard]] std::vector<std::string> pending() const {
        std::vector<std::string> names;
        std::error_code code;
        for (std::filesystem::directory_iterator it(folder.path() / "blocks-pending", code), end;
             !code && it != end; ++it)
            names.push_back(it->path().filename().string());
        return names;
    }

    json work = testing::knots_template();
    std::vector<std::string> blocks;
    std::map<std::string, FakeNode::Answer> instead;
    testing::TemporaryFolder folder;
    boost::asio::io_context io;
    FakeNode node{io, [this](const FakeCall& call) { return answer(call); }};
    SourceOptions options;
    RecordingSink sink;
    std::unique_ptr<WorkSource> source;
    std::vector<Outcome> outcomes;
    SubmitCallback record = [this](const Outcome& outcome) { outcomes.push_back(outcome); };
};

// From the same template, so that no two hash the same headers.
TEST_F(NodeSourceTest, MinersOfOneNodeHaveWorkOfTheirOwn) {
    std::set<std::vector<std::uint8_t>> prefixes;
    constexpr std::size_t kMiners = 20;
    for (std::size_t i = 0; i < kMiners; ++i) {
        if (source) source->stop();
        sink.jobs.clear();
        begin();
        ASSERT_TRUE(until([&] { return !sink.jobs.empty(); }));
        EXPECT_EQ(sink.jobs[0]->extranonce1.size(), 8u);
        prefixes.insert(sink.jobs[0]->extranonce1);
    }
    EXPECT_EQ(prefixes.size(), kMiners);
}

TEST_F(NodeSourceTest, FirstTemplateIsProposedThenMined) {
    begin();
    ASSERT_TRUE(until([&] { return !sink.jobs.empty(); }));
    EXPECT_EQ(sink.jobs[0]->height, 151);
    EXPECT_TRUE(sink.jobs[0]->clean);
    EXPECT_EQ(sink.jobs[0]->network, "regtest");
    EXPECT_EQ(node.calls[0].authorization, "Basic dTpw");  // "u:p", RFC 7617
    EXPECT_EQ(node.calls[2].params[0]["mode"], "proposal");
    EXPECT_EQ(node.calls[1].params[0]["rules"], json::array({"segwit"}));
    // The long poll is a call of its own.
    ASSERT_TRUE(until([&] { return node.count("getblocktemplate") == 3; }));
    EXPECT_EQ(node.calls.back().params[0]["longpollid"], work["longpollid"]);
}

TEST_F(NodeSourceTest, BlockIsWrittenSubmittedAndTheNextTemplateComesAtOnce) {
    begin();
    ASSERT_TRUE(until([&] { return !sink.jobs.empty(); }));
    instead["submitblock"] = [&](const FakeCall& call) {
        EXPECT_EQ(pending().size(), 1u);  // written before it is sent
        blocks.push_back(call.params[0].get<std::string>());
        advance();
        return testing::result(nullptr);
    };
    const Solution solution = testing::solve(sink.jobs[0]);
    source->submit(solution, record);
    ASSERT_TRUE(until([&] { return sink.jobs.size() == 2 && !outcomes.empty(); }));
    EXPECT_EQ(outcomes[0].status, Outcome::Status::Accepted);
    EXPECT_EQ(sink.jobs[1]->height, 152);
    EXPECT_EQ(sink.jobs[1]->prev, solution.hash);
    EXPECT_TRUE(sink.jobs[1]->clean);
    EXPECT_NE(sink.jobs[0]->extranonce1, sink.jobs[1]->extranonce1);
    EXPECT_TRUE(pending().empty());
    const auto block = *util::from_hex(blocks[0]);
    EXPECT_EQ(BlockHeader::parse(std::span(block).first<80>()), solution.header);
    EXPECT_EQ(block[80], 3);  // coinbase and two transactions
}

TEST_F(NodeSourceTest, RefusalIsShownInTheNodesWordsAndKept) {
    begin();
    ASSERT_TRUE(until([&] { return !sink.jobs.empty(); }));
    instead["submitblock"] = [](const FakeCall&) { return testing::result("bad-cb-\x1b[31mamount"); };
    source->submit(testing::solve(sink.jobs[0]), record);
    ASSERT_TRUE(until([&] { return sink.jobs.size() == 2 && !outcomes.empty(); }));
    EXPECT_EQ(outcomes[0].status, Outcome::Status::Rejected);
    EXPECT_EQ(outcomes[0].reason, "bad-cb-?[31mamount");
    EXPECT_EQ(sink.jobs[1]->height, 151);  // again, and not the same search
    EXPECT_TRUE(sink.jobs[1]->clean);
    EXPECT_NE(sink.jobs[0]->extranonce1, sink.jobs[1]->extranonce1);
    EXPECT_TRUE(pending().empty());
    EXPECT_FALSE(std::filesystem::is_empty(folder.path() / "blocks-refused"));
}

// Templates whose blocks are refused again and again are no work.
TEST_F(NodeSourceTest, RefusalsInARowEndIt) {
    begin();
    instead["submitblock"] = [](const FakeCall&) { return testing::result("bad-txnmrklroot"); };
    std::size_t sent = 0;
    ASSERT_TRUE(until([&] {
        if (sent < sink.jobs.size() && outcomes.size() == sent) {
            source->submit(testing::solve(sink.jobs.back()), record);
            sent = sink.jobs.size();
        }
        return !sink.errors.empty();
    }));
    EXPECT_EQ(outcomes.size(), 5u);
    EXPECT_EQ(sink.errors[0].kind, ErrorKind::Refused);
    EXPECT_THAT(first_error(), HasSubstr("5 blocks in a row are refused, the last with bad-txnmrklroot"));
}

// A full or unwritable data directory is said, and the block goes to the node all the same.
TEST_F(NodeSourceTest, BlockIsSubmittedWithoutAJournal) {
    std::ofstream(folder.path() / "blocks-pending") << "a file where the folder should be";
    begin();
    ASSERT_TRUE(until([&] { return !sink.jobs.empty(); }));
    source->submit(testing::solve(sink.jobs[0]), record);
    ASSERT_TRUE(until([&] { return !outcomes.empty(); }));
    EXPECT_EQ(outcomes[0].status, Outcome::Status::Accepted);
    EXPECT_TRUE(sink.said("is not in the journal"));
}

// The parent is not known: offered again, but not with every template; the devices hear of it in time.
TEST_F(NodeSourceTest, UnknownParentIsOfferedAgain) {
    begin();
    ASSERT_TRUE(until([&] { return !sink.jobs.empty(); }));
    int known = 0;
    instead["submitblock"] = [&](const FakeCall& call) {
        if (++known < 3) return testing::result("prev-blk-not-found");
        blocks.push_back(call.params[0].get<std::string>());
        advance();
        return testing::result(nullptr);
    };
    source->submit(testing::solve(sink.jobs[0]), record);
    ASSERT_TRUE(until([&] { return !outcomes.empty(); }));
    EXPECT_EQ(outcomes[0].status, Outcome::Status::Accepted);
    EXPECT_EQ(known, 3);
    EXPECT_TRUE(sink.said("prev-blk-not-found"));
}

TEST_F(NodeSourceTest, SiblingsAreStale) {
    begin();
    ASSERT_TRUE(until([&] { return !sink.jobs.empty(); }));
    instead["submitblock"] = [](const FakeCall&) { return testing::result("inconclusive"); };
    source->submit(testing::solve(sink.jobs[0]), record);
    ASSERT_TRUE(until([&] { return outcomes.size() == 1; }));
    EXPECT_EQ(outcomes[0].status, Outcome::Status::Stale);
    EXPECT_EQ(outcomes[0].reason, "inconclusive");
    // bcoin: accepted, and yet another block is in its chain.
    instead["submitblock"] = [](const FakeCall&) { return testing::result(nullptr); };
    instead["getblockhash"] = [](const FakeCall&) { return testing::result(std::string(64, 'a')); };
    ASSERT_TRUE(until([&] { return sink.jobs.size() == 2; }));
    source->submit(testing::solve(sink.jobs[1]), record);
    ASSERT_TRUE(until([&] { return outcomes.size() == 2; }));
    EXPECT_EQ(outcomes[1].status, Outcome::Status::Stale);
}

TEST_F(NodeSourceTest, BlockWaitsForANodeThatIsDown) {
    begin();
    ASSERT_TRUE(until([&] { return !sink.jobs.empty(); }));
    node.close();
    source->submit(testing::solve(sink.jobs[0]), record);
    ASSERT_TRUE(until([&] { return sink.said("will be submitted again"); }));
    EXPECT_EQ(pending().size(), 1u);
    EXPECT_TRUE(outcomes.empty());
    node.open();
    ASSERT_TRUE(until([&] { return !outcomes.empty(); }));
    EXPECT_EQ(outcomes[0].status, Outcome::Status::Accepted);
    EXPECT_TRUE(pending().empty());
    ASSERT_TRUE(until([&] { return sink.jobs.back()->height == 152; }));
    EXPECT_TRUE(sink.errors.empty());
}

TEST_F(NodeSourceTest, StopAnswersUnknownAndTheNextStartSubmitsAgain) {
    begin();
    ASSERT_TRUE(until([&] { return !sink.jobs.empty(); }));
    instead["submitblock"] = [](const FakeCall&) {
        FakeReply hold;
        hold.never = true;
        return hold;
    };
    source->submit(testing::solve(sink.jobs[0]), record);
    ASSERT_TRUE(until([&] { return node.count("submitblock") == 1; }));
    source->stop();
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(outcomes[0].status, Outcome::Status::Unknown);
    ASSERT_EQ(pending().size(), 1u);
    source->stop();
    EXPECT_EQ(outcomes.size(), 1u);

    instead.clear();
    begin();
    ASSERT_TRUE(until([&] { return sink.said("found earlier: accepted"); }));
    EXPECT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(blocks.size(), 1u);
    EXPECT_TRUE(pending().empty());
}

TEST_F(NodeSourceTest, BlocksOfAnotherNetworkAndDamagedOnesStayAside) {
    std::filesystem::create_directory(folder.path() / "blocks-pending");
    std::ofstream(folder.path() / "blocks-pending/torn.json") << R"({"network":"regtest","blo)";
    const std::string genesis =
        "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e6776"
        "8f617f"
        "c81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c01";
    std::ofstream(folder.path() / "blocks-pending/main.json") << json{
        {"network", "main"}, {"node", "x"},
        {"height", 1},       {"hash", "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"},
        {"found", 1},        {"block", genesis}};
    begin();
    ASSERT_TRUE(until([&] { return !sink.jobs.empty(); }));
    EXPECT_TRUE(sink.said("incomplete or not JSON"));
    EXPECT_EQ(node.count("submitblock"), 0u);
    EXPECT_THAT(pending(), ::testing::UnorderedElementsAre("torn.json.damaged", "main.json"));
}

TEST_F(NodeSourceTest, WarmingUpIsWaitedFor) {
    int left = 3;
    instead["getblockchaininfo"] = [&](const FakeCall&) {
        return left-- > 0 ? testing::rpc_error(-28, "Loading block index...")
                          : testing::result({{"chain", "regtest"}});
    };
    begin();
    ASSERT_TRUE(until([&] { return !sink.jobs.empty(); }));
    ASSERT_EQ(sink.lost.size(), 1u);  // not once for every attempt
    EXPECT_THAT(sink.lost[0].error.text(), ::testing::HasSubstr("Loading block index... (-28)"));
    EXPECT_TRUE(sink.lost[0].retry_in);
    EXPECT_EQ(sink.lost[0].source, source->name());
    EXPECT_EQ(sink.connected, 1);
}

TEST_F(NodeSourceTest, RetriesEnd) {
    options.retries = 3;
    node.close();
    begin();
    EXPECT_THAT(first_error(), AllOf(HasSubstr("http://127.0.0.1:"), HasSubstr("refused")));
    EXPECT_EQ(sink.errors[0].kind, ErrorKind::Unreachable);
    EXPECT_EQ(sink.errors.size(), 1u);
}

TEST_F(NodeSourceTest, WrongCredentialsAreFinal) {
    instead["getblockchaininfo"] = [](const FakeCall&) { return testing::raw(401, ""); };
    begin();
    EXPECT_THAT(first_error(), HasSubstr("refuses the credentials (HTTP 401)"));
    EXPECT_THAT(first_error(), ::testing::Not(HasSubstr("u:p")));
    EXPECT_EQ(node.calls.size(), 1u);
}

TEST_F(NodeSourceTest, CookieIsReadAgain) {
    options.rpc_cookie = (folder.path() / "cookie").string();
    std::ofstream(options.rpc_cookie) << "__cookie__:old";
    instead["getblockchaininfo"] = [&](const FakeCall& call) {
        if (call.authorization != "Basic X19jb29raWVfXzpuZXc=") {  // "__cookie__:new"
            std::ofstream(options.rpc_cookie) << "__cookie__:new";
            return testing::raw(401, "");
        }
        return testing::result({{"chain", "regtest"}});
    };
    auto made = make_node_source(*util::parse_url(node.url("")), options, io.get_executor());
    source = std::move(*made);
    source->start(sink);
    ASSERT_TRUE(until([&] { return !sink.jobs.empty(); }));
    EXPECT_EQ(node.calls[0].authorization, "Basic X19jb29raWVfXzpvbGQ=");  // "__cookie__:old"
}

TEST_F(NodeSourceTest, AForbiddenMethodIsNamedWithBothSettings) {
    instead["getblocktemplate"] = [](const FakeCall&) { return testing::raw(403, ""); };
    begin();
    EXPECT_THAT(first_error(), AllOf(HasSubstr("getblocktemplate"), HasSubstr("HTTP 403"),
                                     HasSubstr("rpcallowip"), HasSubstr("rpcwhitelist")));
    EXPECT_THAT(first_error(), ::testing::Not(HasSubstr("credentials")));
}

// A user who may only mine: what is not allowed is done without.
TEST_F(NodeSourceTest, ForbiddenOptionalMethodsAreSkipped) {
    options.network = "regtest";
    for (const char* method : {"getblockchaininfo", "getbestblockhash", "getblockhash", "waitfornewblock"})
        instead[method] = [](const FakeCall&) { return testing::raw(403, ""); };
    begin();
    ASSERT_TRUE(until([&] { return !sink.jobs.empty(); }));
    source->submit(testing::solve(sink.jobs[0]), record);
    ASSERT_TRUE(until([&] { return sink.jobs.size() == 2 && !outcomes.empty(); }));
    EXPECT_EQ(outcomes[0].status, Outcome::Status::Accepted);
    EXPECT_TRUE(sink.errors.empty());
}

TEST_F(NodeSourceTest, ACookiePathThatIsADirectoryIsNamed) {
    options.rpc_cookie = folder.path().string();
    const auto made = make_node_source(*util::parse_url(node.url("")), options, io.get_executor());
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().kind, ErrorKind::Usage);
    EXPECT_THAT(made.error().text(), AllOf(HasSubstr("is a directory"), HasSubstr(folder.path().string())));
}

// btcd calls it so.
TEST_F(NodeSourceTest, MainnetIsMain) {
    options.coinbase_addr = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
    instead["getblockchaininfo"] = [](const FakeCall&) { return testing::result({{"chain", "mainnet"}}); };
    begin();
    ASSERT_TRUE(until([&] { return !sink.jobs.empty(); }));
    EXPECT_EQ(sink.jobs[0]->network, "main");
}

TEST_F(NodeSourceTest, AnUnknownNetworkIsNamed) {
    instead["getblockchaininfo"] = [](const FakeCall&) { return testing::result({{"chain", "simnet"}}); };
    begin();
    EXPECT_THAT(first_error(), HasSubstr("simnet"));
    EXPECT_EQ(sink.errors[0].kind, ErrorKind::Usage);
}

// Answers that are not a node's: named, and given up after a few.
TEST_F(NodeSourceTest, InvalidAnswersAreNamed) {
    const std::pair<FakeReply, const char*> cases[] = {
        {testing::raw(200, "<html>hello</html>"), "not JSON"},
        {testing::raw(404, "Not Found"), "HTTP 404"},
        {testing::raw(200, "[1,2]"), "not JSON-RPC"},
        {testing::raw(200, std::string(100'000, '[')), "not JSON"},
        {testing::raw(200, ""), "not JSON"},
        {testing::result("text"), "which network"},
    };
    for (const auto& [reply, words] : cases) {
        sink = {};
        instead["getblockchaininfo"] = [r = reply](const FakeCall&) { return r; };
        begin();
        EXPECT_THAT(first_error(), HasSubstr(words));
        source->stop();
    }
}

TEST_F(NodeSourceTest, BrokenConnectionsAreTriedAgain) {
    int step = 0;
    instead["getblockchaininfo"] = [&](const FakeCall&) {
        FakeReply reply = testing::result({{"chain", "regtest"}});
        if (step == 0) reply.hang_up = true;
        if (step == 1) reply.cut = 5;
        if (step == 2) reply = testing::raw(503, "<html>busy</html>");
        ++step;
        return reply;
    };
    begin();
    ASSERT_TRUE(until([&] { return !sink.jobs.empty(); }));
    EXPECT_TRUE(sink.said("without an answer"));
    EXPECT_TRUE(sink.said("within an answer"));
    EXPECT_TRUE(sink.said("the node, or a proxy before it, answers HTTP 503: <html>busy"));
    EXPECT_FALSE(sink.said("(expected: the JSON-RPC port of a node)"));
}

TEST_F(NodeSourceTest, NetworksAreCompared) {
    options.network = "signet";
    options.coinbase_addr = "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx";
    begin();
    EXPECT_THAT(first_error(), AllOf(HasSubstr("the node is on regtest"), HasSubstr("signet")));
    EXPECT_EQ(sink.errors[0].kind, ErrorKind::Usage);
}

TEST_F(NodeSourceTest, ASignetsChallengeComesWithItsTemplate) {
    options.coinbase_addr = "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx";
    instead["getblockchaininfo"] = [](const FakeCall&) { return testing::result({{"chain", "signet"}}); };
    work["rules"] = {"csv", "!segwit", "taproot", "!signet"};
    work["signet_challenge"] = "51";
    begin();
    ASSERT_TRUE(until([&] { return !sink.jobs.empty(); }));
    EXPECT_EQ(sink.jobs[0]->network, "signet");
    EXPECT_EQ(sink.jobs[0]->signet_challenge, std::vector<std::uint8_t>{0x51});
    EXPECT_EQ(node.calls[1].params[0]["rules"], json::array({"segwit", "signet"}));
    source->stop();

    sink = {};
    options.network = "signet";
    options.signet_challenge = {0x52};
    begin();
    EXPECT_THAT(first_error(), AllOf(HasSubstr("challenge is 51"), HasSubstr("52")));
    EXPECT_EQ(sink.errors[0].kind, ErrorKind::Usage);
}

TEST_F(NodeSourceTest, AddressOfAnotherNetwork) {
    options.coinbase_addr = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
    begin();
    EXPECT_THAT(first_error(),
                AllOf(HasSubstr("another network (main)"), HasSubstr("an address of regtest")));
    EXPECT_EQ(sink.errors[0].kind, ErrorKind::Usage);
}

TEST_F(NodeSourceTest, OptionsAreCheckedBeforeAnyConnection) {
    const auto error = [&] {
        const auto made = make_node_source(*util::parse_url(node.url()), options, io.get_executor());
        return made ? "made" : made.error().text();
    };
    options.coinbase_addr = "";
    EXPECT_THAT(error(), HasSubstr("coinbase address"));
    options.coinbase_addr = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt081";
    EXPECT_THAT(error(), HasSubstr("address"));
    options.coinbase_addr = kAddress;
    options.network = "main";
    EXPECT_THAT(error(), HasSubstr("another network (regtest)"));
    options.network = "regtest";
    options.coinbase_tag = std::string(90, 'x');
    EXPECT_THAT(error(), HasSubstr("coinbase tag of"));
}

TEST_F(NodeSourceTest, UnknownForcedRuleIsFinal) {
    work["rules"] = {"csv", "!segwit", "!blake2b"};
    begin();
    EXPECT_THAT(first_error(), HasSubstr("!blake2b"));
    EXPECT_TRUE(sink.jobs.empty());
}

TEST_F(NodeSourceTest, BadTemplatesAreGivenUpUnlessTheNodeWasGoodBefore) {
    work["bits"] = "00000000";
    begin();
    EXPECT_THAT(first_error(), HasSubstr("zero"));
    source->stop();

    sink = {};
    work = testing::knots_template();
    begin();
    ASSERT_TRUE(until([&] { return !sink.jobs.empty(); }));
    work["bits"] = "1d80ffff";
    work["previousblockhash"] = std::string(64, '1');
    ASSERT_TRUE(until([&] { return sink.said("negative"); }));
    work = testing::knots_template();
    work["coinbasevalue"] = 2500000301;
    ASSERT_TRUE(until([&] { return sink.jobs.size() == 2; }));
    EXPECT_TRUE(sink.errors.empty());
    EXPECT_FALSE(sink.jobs[1]->clean);  // the same tip
}

TEST_F(NodeSourceTest, RefusedProposalIsNotMined) {
    instead["getblocktemplate"] = [&](const FakeCall& call) {
        return call.params[0].value("mode", "") == "proposal" ? testing::result("bad-cb-amount")
                                                              : testing::result(work);
    };
    begin();
    EXPECT_THAT(first_error(), HasSubstr("refused: bad-cb-amount"));
    EXPECT_TRUE(sink.jobs.empty());
}

TEST_F(NodeSourceTest, HeightJumpsMustBeConfirmedByTheNode) {
    begin();
    ASSERT_TRUE(until([&] { return !sink.jobs.empty(); }));
    work["previousblockhash"] = std::string(64, '1');
    work["height"] = 5000;
    ASSERT_TRUE(until([&] { return sink.said("height jumps from 151 to 5000"); }));
    EXPECT_EQ(sink.jobs.size(), 1u);
    instead["getblockheader"] = [](const FakeCall&) { return testing::result({{"height", 4999}}); };
    ASSERT_TRUE(until([&] { return sink.jobs.size() == 2; }));
    EXPECT_EQ(sink.jobs[1]->height, 5000);
}

TEST_F(NodeSourceTest, LongPollBringsTheNewTip) {
    bool tip = false;
    instead["getblocktemplate"] = [&](const FakeCall& call) {
        if (call.params[0].value("mode", "") == "proposal") return testing::result(nullptr);
        FakeReply reply;
        if (call.params[0].contains("longpollid") && !std::exchange(tip, true)) {
            work["previousblockhash"] = std::string(64, '1');
            work["height"] = 152;
            reply = testing::result(work);
            reply.after = std::chrono::milliseconds(50);
        } else if (call.params[0].contains("longpollid")) {
            reply.never = true;
        } else {
            reply = testing::result(work);
        }
        return reply;
    };
    begin();
    ASSERT_TRUE(until([&] { return sink.jobs.size() == 2; }));
    EXPECT_EQ(sink.jobs[1]->height, 152);
    EXPECT_TRUE(sink.jobs[1]->clean);
    EXPECT_EQ(node.count("getbestblockhash"), 0u);
}

// With one RPC thread, which a long poll would take for as long as no block comes: none is opened, and the
// tip is polled.
TEST_F(NodeSourceTest, ANodeWithoutAThreadToSpareGetsNoLongPoll) {
    node.set_threads(1);
    instead["waitfornewblock"] = [](const FakeCall& call) {
        FakeReply reply = testing::result({{"hash", std::string(64, '0')}, {"height", 1}});
        reply.after = std::chrono::milliseconds(call.params[0].get<int>());
        return reply;
    };
    begin();
    ASSERT_TRUE(until([&] { return sink.said("-rpcthreads"); }));
    EXPECT_TRUE(sink.said("polled instead"));
    work["previousblockhash"] = std::string(64, '1');
    work["height"] = 152;
    ASSERT_TRUE(until([&] { return sink.jobs.size() == 2; }));
    EXPECT_EQ(sink.jobs[1]->height, 152);
    source->submit(testing::solve(sink.jobs[1]), record);
    ASSERT_TRUE(until([&] { return !outcomes.empty(); }));
    EXPECT_EQ(outcomes[0].status, Outcome::Status::Accepted);
    EXPECT_EQ(long_polls(), 0u);
}

TEST_F(NodeSourceTest, ANodeWithTwoThreadsGetsALongPoll) {
    node.set_threads(2);
    instead["waitfornewblock"] = [](const FakeCall& call) {
        FakeReply reply = testing::result({{"hash", std::string(64, '0')}, {"height", 1}});
        reply.after = std::chrono::milliseconds(call.params[0].get<int>());
        return reply;
    };
    begin();
    ASSERT_TRUE(until([&] { return long_polls() == 1; }));
    EXPECT_FALSE(sink.said("-rpcthreads"));
}

// Where the node's threads cannot be told beforehand: an ordinary call that waits beside a long poll ends
// them.
TEST_F(NodeSourceTest, AnOrdinaryCallThatWaitsEndsLongPolls) {
    begin();
    ASSERT_TRUE(until([&] { return long_polls() == 1; }));
    bool busy = true;
    instead["getbestblockhash"] = [&](const FakeCall&) {
        FakeReply reply = testing::result(work["previousblockhash"]);
        if (busy) reply.after = std::chrono::milliseconds(6000);
        return reply;
    };
    ASSERT_TRUE(until([&] { return sink.said("an ordinary call waits while a long poll is open"); }));
    EXPECT_TRUE(sink.said("-rpcthreads"));
    busy = false;
    work["previousblockhash"] = std::string(64, '1');
    work["height"] = 152;
    ASSERT_TRUE(until([&] { return sink.jobs.size() == 2; }));
    EXPECT_EQ(long_polls(), 1u);
    EXPECT_TRUE(sink.errors.empty());
}

// A long poll that ended without an answer may go on at the node: no second one before its tip has moved.
TEST_F(NodeSourceTest, NoSecondLongPollOnTheSameTip) {
    begin();
    ASSERT_TRUE(until([&] { return long_polls() == 1; }));
    node.close();
    ASSERT_TRUE(until([&] { return !sink.lost.empty(); }));
    node.open();
    ASSERT_TRUE(until([&] { return sink.connected == 2; }));
    const auto templates = node.count("getblocktemplate");
    ASSERT_TRUE(until([&] { return node.count("getbestblockhash") >= 2; }));
    EXPECT_EQ(node.count("getblocktemplate"), templates);
    EXPECT_EQ(long_polls(), 1u);
    work["previousblockhash"] = std::string(64, '1');
    work["height"] = 152;
    ASSERT_TRUE(until([&] { return long_polls() == 2; }));
}

TEST_F(NodeSourceTest, LongPollsCanBeSwitchedOff) {
    options.long_poll = false;
    begin();
    ASSERT_TRUE(until([&] { return node.count("getbestblockhash") >= 2; }));
    EXPECT_EQ(long_polls(), 0u);
    EXPECT_EQ(node.count("waitfornewblock"), 0u);
    work["previousblockhash"] = std::string(64, '1');
    work["height"] = 152;
    ASSERT_TRUE(until([&] { return sink.jobs.size() == 2; }));
}

// Submissions go while the long poll is held and a template is slow.
TEST_F(NodeSourceTest, SubmitDoesNotWaitForOtherCalls) {
    begin();
    ASSERT_TRUE(until([&] { return !sink.jobs.empty(); }));
    instead["getbestblockhash"] = [](const FakeCall&) {
        FakeReply hold;
        hold.never = true;
        return hold;
    };
    ASSERT_TRUE(until([&] { return node.count("getbestblockhash") == 1; }));
    source->submit(testing::solve(sink.jobs[0]), record);
    ASSERT_TRUE(until([&] { return !outcomes.empty(); }));
    EXPECT_EQ(outcomes[0].status, Outcome::Status::Accepted);
}

}  // namespace
}  // namespace lode::source
