// Nodes as FakeNode plays them: one that keeps every rule, and planted faults that have to be named.
#include "doctor/node_doctor.h"

#include <ctime>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "doctor/examined.h"
#include "support/fake_node.h"
#include "support/templates.h"

namespace lode::doctor {
namespace {

using lode::testing::FakeCall;
using lode::testing::FakeReply;
using lode::testing::result;
using lode::testing::rpc_error;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::json;

struct Node {
    Node() {
        work["curtime"] = std::time(nullptr);
        work["mintime"] = std::time(nullptr) - 600;
        // SHA-256d of the root over 0 and the two wtxids and of 32 zeros (BIP 141), by Python's hashlib.
        work["default_witness_commitment"] =
            "6a24aa21a9edd4496516df567392e8b7497fc3a8754d0c6be63eb89f52aa37a41012538bc49b";
    }
    Json work = lode::testing::knots_template();
    Json info = {{"chain", "regtest"},
                 {"blocks", 150},
                 {"bestblockhash", work["previousblockhash"]},
                 {"initialblockdownload", false}};
    FakeReply proposal = result(nullptr), garbage = rpc_error(-22, "Block decode failed"),
              high_hash = result("high-hash"), unknown = rpc_error(-32601, "Method not found", 404);

    FakeReply operator()(const FakeCall& call) const {
        if (call.method == "getblockchaininfo") return result(info);
        if (call.method == "submitblock") return call.params[0] == "00" ? garbage : high_hash;
        if (call.method != "getblocktemplate") return unknown;
        const Json& request = call.params[0];
        if (!request.contains("rules")) return rpc_error(-8, "must be called with the segwit rule set");
        return request.contains("mode") ? proposal : result(work);
    }
};

Examined examine(const Node& node) {
    Examined out;
    boost::asio::io_context io;
    const lode::testing::FakeNode fake(io, node);
    Options options;
    options.probe = true;
    bool done = false;
    auto examination = examine_node(*util::parse_url(fake.url()), options, io.get_executor());
    EXPECT_TRUE(examination);
    (*examination)->start([&](const Result<const Report*>& report) {
        if (report)
            out.report = **report;
        else
            out.failed = report.error();
        done = true;
    });
    EXPECT_TRUE(lode::testing::run_until(io, [&] { return done; }));
    return out;
}

TEST(NodeDoctor, ANodeThatKeepsEveryRule) {
    const Examined good = examine(Node{});
    EXPECT_FALSE(good.failed);
    EXPECT_THAT(good.broken(), IsEmpty());
    EXPECT_EQ(good.seen("getblockchaininfo"), "regtest, height 150");
    EXPECT_EQ(good.seen("template"), "height 151, 2 transactions");
    EXPECT_EQ(good.seen("coinbasevalue"), "2500000300 = 2500000000 + 300 satoshis");
    EXPECT_THAT(good.seen("rules-demanded"), HasSubstr("-8"));
    EXPECT_THAT(good.seen("high-hash"), HasSubstr("high-hash"));
    EXPECT_THAT(good.seen("latency"), HasSubstr("of 10 answers"));
}

class FaultOfANode : public ::testing::TestWithParam<Fault<Node>> {};

TEST_P(FaultOfANode, IsNamed) {
    Node node;
    GetParam().plant(node);
    const Examined found = examine(node);
    EXPECT_THAT(found.broken(), Contains(GetParam().rule));
    EXPECT_THAT(found.seen(GetParam().rule), HasSubstr(GetParam().seen));
}

INSTANTIATE_TEST_SUITE_P(
    Table, FaultOfANode,
    ::testing::Values(
        Fault<Node>{"tip", "height 151", [](Node& n) { n.info["blocks"] = 151; }},
        Fault<Node>{"tip", "3d6a4d4b", [](Node& n) { n.info["bestblockhash"] = std::string(64, '0'); }},
        Fault<Node>{"getblockchaininfo", "missing", [](Node& n) { n.info.erase("blocks"); }},
        Fault<Node>{"coinbasevalue", "does not hold", [](Node& n) { n.work["coinbasevalue"] = 5000000300; }},
        Fault<Node>{"commitment", "6a24aa21a9ede2f6",
                    [](Node& n) {
                        n.work["default_witness_commitment"] =
                            "6a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9";
                    }},
        Fault<Node>{"curtime", "behind", [](Node& n) { n.work["curtime"] = n.work["mintime"] = 1795201700; }},
        Fault<Node>{"template", "txid",
                    [](Node& n) { n.work["transactions"][0]["txid"] = std::string(64, '1'); }},
        Fault<Node>{"proposal", "bad-cb-height", [](Node& n) { n.proposal = result("bad-cb-height"); }},
        Fault<Node>{"unknown-method", "null", [](Node& n) { n.unknown = result(nullptr); }},
        Fault<Node>{"garbage-block", "null", [](Node& n) { n.garbage = result(nullptr); }},
        Fault<Node>{"high-hash", "null", [](Node& n) { n.high_hash = result(nullptr); }}));

TEST(NodeDoctor, NotesAreNoFaults) {
    Node node;
    for (const char* field : {"longpollid", "weightlimit", "mutable", "capabilities"}) node.work.erase(field);
    node.work["transactions"][1].erase("fee");
    const Examined found = examine(node);
    EXPECT_THAT(found.broken(), IsEmpty());
    for (const char* rule : {"longpollid", "limits", "mutable", "proposals", "coinbasevalue"})
        EXPECT_THAT(found.report.findings(),
                    Contains(::testing::AllOf(::testing::Field(&Finding::rule, rule),
                                              ::testing::Field(&Finding::verdict, Verdict::Noted))));
}

TEST(NodeDoctor, WrongCredentialsAreAnError) {
    boost::asio::io_context io;
    const lode::testing::FakeNode fake(io, [](const FakeCall&) { return lode::testing::raw(401, ""); });
    std::optional<Error> error;
    auto examination = examine_node(*util::parse_url(fake.url()), {}, io.get_executor());
    (*examination)->start([&](const Result<const Report*>& report) { error = report.error(); });
    EXPECT_TRUE(lode::testing::run_until(io, [&] { return error.has_value(); }));
    EXPECT_THAT(error->text(), HasSubstr("401"));
}

}  // namespace
}  // namespace lode::doctor
