// Blocks of a signet that wants signatures. Expected bytes: computed from BIP 325 and BIP 174 with Python's
// hashlib, struct and base64.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/node/block_pace.h"
#include "source/node/signet.h"
#include "source/node/solo_job.h"
#include "source/registry.h"
#include "support/fake_node.h"
#include "support/templates.h"
#include "util/base64.h"
#include "util/hex.h"
#include "util/url.h"
#include "work/roll.h"

namespace lode::source::node {
namespace {

using namespace std::chrono_literals;
using lode::testing::FakeCall;
using lode::testing::FakeNode;
using lode::testing::FakeReply;
using lode::testing::RecordingSink;
using lode::testing::result;
using lode::testing::rpc_error;
using nlohmann::json;
using ::testing::HasSubstr;

constexpr const char* kChallenge =
    "512103ad5e0edad18cb1f0fc0d28a3d4f1f3e445640337489abb10404f2d1e086be43051ae";
// A signed transaction with the witness items 3031 and 020304.
constexpr const char* kSigned =
    "00000000000101d80a91298d999d550bb0ef1200b60ff50e6988b59a025a1fbd66f709f339c97b00000000000000000001000000"
    "0000"
    "000000016a020230310302030400000000";

TEST(Base64, Rfc4648) {
    const auto encoded = [](std::string text) {
        return util::to_base64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    };
    EXPECT_EQ(encoded(""), "");
    EXPECT_EQ(encoded("f"), "Zg==");
    EXPECT_EQ(encoded("fo"), "Zm8=");
    EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
}

TEST(SignetSolution, OnlyOtherChallengesThanTrueWantOne) {
    EXPECT_FALSE(signet::wants_signature({}));
    EXPECT_FALSE(signet::wants_signature(*util::from_hex("51")));
    EXPECT_TRUE(signet::wants_signature(*util::from_hex("5151")));
    EXPECT_TRUE(signet::wants_signature(*util::from_hex(kChallenge)));
}

TEST(SignetSolution, ThePsbtIsThatOfTheBip) {
    signet::BlockData block{0x20000000, {}, {}, 0x6b009f25};
    for (std::uint8_t i = 0; i < 32; ++i) {
        block.prev.bytes[i] = i;
        block.merkle_root.bytes[i] = static_cast<std::uint8_t>(32 + i);
    }
    EXPECT_EQ(
        signet::signing_psbt(*util::from_hex(kChallenge), block),
        "cHNidP8BAD0AAAAAAdgKkSmNmZ1VC7DvEgC2D/UOaYi1mgJaH71m9wnzOcl7AAAAAAAAAAAAAQAAAAAAAAAAAWoAAAAAAAEAqwAA"
        "AAABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD/////SgBIAAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhsc"
        "HR4fICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8lnwBrAAAAAAEAAAAAAAAAACVRIQOtXg7a0Yyx8PwNKKPU8fPkRWQD"
        "N0iauxBATy0eCGvkMFGuAAAAAAAA");
}

TEST(SignetSolution, IsReadFromTheSignedTransaction) {
    const auto witness = signet::solution_of(*util::from_hex(kSigned));
    ASSERT_TRUE(witness);
    EXPECT_EQ(util::to_hex(*witness), "000202303103020304");
    const std::string head =
        "0000000001d80a91298d999d550bb0ef1200b60ff50e6988b59a025a1fbd66f709f339c97b00000000";
    const std::string tail = "00000000010000000000000000016a00000000";
    EXPECT_EQ(util::to_hex(*signet::solution_of(*util::from_hex(head + "03000155" + tail))), "0300015500");
    for (const std::string& wrong : {std::string(), head, head + "03000155" + tail + "00", "00000000" + tail})
        EXPECT_FALSE(signet::solution_of(*util::from_hex(wrong))) << wrong;
}

// The commitment of BIP 141, then the push of the header and the solution.
TEST(SignetSolution, StandsBehindTheCommitment) {
    const signet::Bytes commitment = {0x6a, 0x24};
    EXPECT_EQ(util::to_hex(signet::commitment_with(commitment, {})), "6a2404ecc7daa2");
    EXPECT_EQ(util::to_hex(signet::commitment_with(commitment, *util::from_hex("0151"))),
              "6a2406ecc7daa20151");
    EXPECT_EQ(util::to_hex(signet::commitment_with({}, signet::Bytes(72))).substr(0, 12), "4c4cecc7daa2");
    EXPECT_EQ(util::to_hex(signet::commitment_with({}, signet::Bytes(252))).substr(0, 14), "4d0001ecc7daa2");
}

TEST(BlockPace, TheFirstBlockNeedsNoPause) {
    const auto now = BlockPace::Clock::time_point() + 1h;
    Hash256 a, b;
    a.bytes[0] = 1;
    b.bytes[0] = 2;
    BlockPace fixed(10s, false);
    EXPECT_EQ(fixed.may_begin(a, now), now);
    EXPECT_EQ(fixed.may_begin(b, now + 5s), now + 15s);
    EXPECT_EQ(fixed.may_begin(b, now + 9s), now + 15s);  // asked again
    BlockPace none(0s, false);
    none.may_begin(a, now);
    EXPECT_EQ(none.may_begin(b, now + 5s), now + 5s);
}

// Of 2000 exponential pauses the mean is within a tenth, but once in 100,000 times.
TEST(BlockPace, PoissonKeepsTheMean) {
    BlockPace pace(1000ms, true);
    auto now = BlockPace::Clock::time_point() + 1h;
    const auto start = now;
    Hash256 parent;
    for (int i = 0; i <= 2000; ++i) {
        parent.bytes[0] = static_cast<std::uint8_t>(i);
        parent.bytes[1] = static_cast<std::uint8_t>(i >> 8);
        now = pace.may_begin(parent, now);
    }
    EXPECT_NEAR(std::chrono::duration<double>(now - start).count(), 2000, 200);
}

// A signet's node with a wallet that has the keys, or lacks something.
struct SignetNode {
    json work = lode::testing::knots_template();
    FakeReply processed = result({{"psbt", "cHNidP8A"}, {"complete", true}});
    FakeReply finalized = result({{"hex", kSigned}, {"complete", true}});

    SignetNode() {
        work["rules"] = {"csv", "!segwit", "taproot", "!signet"};
        work["signet_challenge"] = kChallenge;
    }
    FakeReply operator()(const FakeCall& call) const {
        if (call.method == "getblockchaininfo")
            return result({{"chain", "signet"}, {"blocks", 150}, {"initialblockdownload", false}});
        if (call.method == "walletprocesspsbt") return processed;
        if (call.method == "finalizepsbt") return finalized;
        if (call.method == "submitblock") return result(nullptr);
        if (call.method != "getblocktemplate") return rpc_error(-32601, "Method not found");
        return call.params[0].contains("mode") ? result(nullptr) : result(work);
    }
};

struct SignetMining {
    explicit SignetMining(SignetNode behaviour) : node(io, std::move(behaviour)) {
        SourceOptions options;
        options.data_dir = folder.path();
        options.coinbase_addr = "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx";
        options.retries = 0;
        options.long_poll = false;
        source = make_source(*util::parse_url(node.url()), options, io.get_executor()).value();
        source->start(sink);
        lode::testing::run_until(io, [&] { return !sink.jobs.empty() || !sink.errors.empty(); });
    }
    ~SignetMining() { source->stop(); }
    boost::asio::io_context io;
    FakeNode node;
    lode::testing::TemporaryFolder folder;
    RecordingSink sink;
    std::unique_ptr<WorkSource> source;
};

TEST(SignetMining, TheWalletSignsAndOnlyTheNonceIsSearched) {
    SignetMining mining({});
    ASSERT_EQ(mining.sink.jobs.size(), 1u);
    const Job& job = *mining.sink.jobs[0];
    EXPECT_EQ(job.extranonce2_size, 0u);
    EXPECT_EQ(job.version_mask, 0u);
    EXPECT_EQ(work::rolls(job), 1u);
    // The coinbase ends with the commitment's output, and that with the solution.
    const std::string end = util::to_hex(job.coinbase2);
    EXPECT_THAT(end, HasSubstr("0decc7daa2000202303103020304" + end.substr(end.size() - 8)));
    // What was signed is this block but for the solution.
    ASSERT_EQ(mining.node.count("walletprocesspsbt"), 1u);
    Job unsolved = job;
    std::string covered = end;
    const auto at = covered.find("6a24aa21a9ed");
    covered.replace(at - 2, covered.size() - at - 6, "2b" + covered.substr(at, 76) + "04ecc7daa2");
    unsolved.coinbase2 = *util::from_hex(covered);
    const BlockHeader header = work::header_of(unsolved, 0, 0);
    for (const auto& call : mining.node.calls)
        if (call.method == "walletprocesspsbt") {
            EXPECT_EQ(call.params[0], signet::signing_psbt(*util::from_hex(kChallenge),
                                                           {static_cast<std::uint32_t>(header.version),
                                                            header.prev, header.merkle_root, header.time}));
        }
    // When the nonces are spent, the next signature comes by itself.
    (void)job.space->claim(std::uint64_t{1} << 32);
    EXPECT_TRUE(lode::testing::run_until(mining.io, [&] { return mining.sink.jobs.size() == 2; }));
    EXPECT_EQ(mining.node.count("walletprocesspsbt"), 2u);
}

TEST(SignetMining, AWalletThatCannotSignIsAnError) {
    SignetNode no_wallet, no_key;
    no_wallet.processed = rpc_error(-18, "No wallet is loaded.");
    no_key.finalized = result({{"psbt", "cHNidP8A"}, {"complete", false}});
    for (const auto& [node, says] :
         {std::pair{no_wallet, "No wallet is loaded"}, std::pair{no_key, "cannot sign"}}) {
        SignetMining mining(node);
        ASSERT_EQ(mining.sink.errors.size(), 1u);
        EXPECT_THAT(mining.sink.errors[0].text(), HasSubstr(says));
        EXPECT_THAT(mining.sink.errors[0].text(), HasSubstr("keys of the"));
    }
}

}  // namespace
}  // namespace lode::source::node
