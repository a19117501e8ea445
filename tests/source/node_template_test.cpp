#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "crypto/sha256.h"
#include "source/node/solo_job.h"
#include "source/node/template.h"
#include "support/templates.h"
#include "util/hex.h"
#include "work/roll.h"

namespace lode::source::node {
namespace {

using lode::testing::bcoin_template;
using lode::testing::knots_template;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

std::string error_of(const json& result) {
    const auto parsed = parse_template(result);
    return parsed ? "parsed" : parsed.error().text();
}

TEST(Template, KnotsWithTransactions) {
    const auto work = parse_template(knots_template());
    ASSERT_TRUE(work) << work.error().text();
    EXPECT_EQ(work->height, 151);
    EXPECT_EQ(work->prev.hex(), "3d6a4d4b9a9c1bd0a3c0f9c2a9a5c1a6c2b5e4f3a2918070605040302010f0e0");
    EXPECT_EQ(work->version, 0x20000000u);
    EXPECT_EQ(work->bits, 0x207fffffu);
    EXPECT_EQ(work->target.to_hex(), "7fffff0000000000000000000000000000000000000000000000000000000000");
    EXPECT_EQ(work->time, 1795201700u);
    EXPECT_EQ(work->value, 2500000300u);
    EXPECT_EQ(work->body.count, 2u);
    EXPECT_EQ(work->txids.size(), 2u);
    EXPECT_EQ(work->weight, 844u);
    EXPECT_EQ(work->sigops, 5u);
    EXPECT_TRUE(work->segwit);
    EXPECT_TRUE(work->body.witness);
    EXPECT_EQ(work->witness_commitment.size(), 38u);
    EXPECT_TRUE(work->proposals);
    EXPECT_FALSE(work->longpollid.empty());
}

// bcoin before height 432: no segwit in the rules, and yet a commitment.
TEST(Template, BcoinOffersACommitmentBeforeSegwit) {
    const auto work = parse_template(bcoin_template());
    ASSERT_TRUE(work) << work.error().text();
    EXPECT_FALSE(work->segwit);
    EXPECT_TRUE(work->witness_commitment.empty());
    EXPECT_FALSE(work->body.witness);
    EXPECT_EQ(util::to_hex(work->aux), "6d696e65642062792062636f696e");
    json active = bcoin_template();
    active["rules"] = {"csv", "segwit"};
    EXPECT_TRUE(parse_template(active)->body.witness);
}

TEST(Template, EveryMissingFieldIsNamed) {
    for (const char* name :
         {"height", "previousblockhash", "version", "bits", "curtime", "coinbasevalue", "transactions"}) {
        json broken = knots_template();
        broken.erase(name);
        EXPECT_THAT(error_of(broken), AllOf(HasSubstr(name), HasSubstr("is missing"))) << name;
        broken[name] = json::object();
        EXPECT_THAT(error_of(broken), AllOf(HasSubstr(name), HasSubstr("an object"))) << name;
    }
    for (const char* name :
         {"target", "mintime", "vbrequired", "longpollid", "rules", "weightlimit", "sigoplimit"}) {
        json lean = knots_template();
        lean.erase(name);
        EXPECT_EQ(error_of(lean), "parsed") << name;
    }
}

TEST(Template, WrongValuesAreNamed) {
    const auto with = [](const char* name, const json& value) {
        json broken = knots_template();
        broken[name] = value;
        return error_of(broken);
    };
    EXPECT_THAT(with("bits", "00000000"), HasSubstr("zero"));
    EXPECT_THAT(with("bits", "1d80ffff"), HasSubstr("negative"));
    EXPECT_THAT(with("bits", "ff7fffff"), HasSubstr("nBits"));
    EXPECT_THAT(with("bits", "7fffff"), HasSubstr("8 hex digits"));
    EXPECT_THAT(with("bits", "207ffffg"), HasSubstr("8 hex digits"));
    EXPECT_THAT(with("bits", 545259519), HasSubstr("bits is 545259519"));
    EXPECT_THAT(with("target", "00"), AllOf(HasSubstr("target"), HasSubstr("207fffff")));
    EXPECT_THAT(with("previousblockhash", "12"), HasSubstr("64 hex digits"));
    EXPECT_THAT(with("previousblockhash", std::string(63, '0') + "g"), HasSubstr("64 hex digits"));
    EXPECT_THAT(with("height", 0), HasSubstr("height is 0"));
    EXPECT_THAT(with("height", -5), HasSubstr("height is -5"));
    EXPECT_THAT(with("height", 1e300), HasSubstr("height is 1e+300"));
    EXPECT_THAT(with("coinbasevalue", 2'100'000'000'000'001), HasSubstr("coinbasevalue"));
    EXPECT_THAT(with("curtime", "now"), HasSubstr("curtime is 'now'"));
    EXPECT_THAT(with("version", 4294967296), HasSubstr("version"));
    EXPECT_THAT(with("default_witness_commitment", "6a24aa21a9edff"), HasSubstr("commitment"));
    EXPECT_THAT(with("default_witness_commitment", "6a2"), HasSubstr("even number of hex digits"));
    EXPECT_THAT(with("rules", json::array({1})), HasSubstr("rules"));
    EXPECT_THAT(with("transactions", json::array({1})), HasSubstr("transaction 1"));
    EXPECT_THAT(with("longpollid", std::string(5000, 'x')), HasSubstr("longpollid"));
    EXPECT_THAT(with("coinbaseaux", {{"flags", "\x1b[2J"}}), AllOf(HasSubstr("flags"), HasSubstr("?[2J")));
    EXPECT_THAT(error_of(json::array()), HasSubstr("an array"));
    EXPECT_THAT(error_of(json()), HasSubstr("null"));
    EXPECT_THAT(error_of("text"), HasSubstr("'text'"));
}

TEST(Template, TransactionsAreChecked) {
    const auto with = [](const char* name, const json& value) {
        json broken = knots_template();
        broken["transactions"][1][name] = value;
        return error_of(broken);
    };
    EXPECT_THAT(with("data", "abc"), AllOf(HasSubstr("transaction 2"), HasSubstr("data"), HasSubstr("even")));
    EXPECT_THAT(with("data", std::string(200, 'x')), HasSubstr("transaction 2"));
    EXPECT_THAT(with("data", "00"), HasSubstr("too short"));
    EXPECT_THAT(with("data", std::string(200, '1')), HasSubstr("transaction 2: data cannot be read"));
    EXPECT_THAT(with("txid", "00"), HasSubstr("txid"));
    EXPECT_THAT(with("weight", 0), HasSubstr("weight"));
    EXPECT_THAT(with("sigops", -1), HasSubstr("sigops"));
    EXPECT_THAT(with("txid", std::string(64, 'a')), AllOf(HasSubstr("txid"), HasSubstr("not of these data")));
    // Without txid, hash is the txid (BIP 22) or the wtxid, as the node likes.
    json bare = knots_template();
    const std::string txid = bare["transactions"][0]["txid"];
    bare["transactions"][0].erase("txid");
    EXPECT_EQ(parse_template(bare)->txids[0].hex(), txid);
    EXPECT_TRUE(parse_template(bare)->body.witness);
    bare["transactions"][0].erase("hash");
    EXPECT_EQ(parse_template(bare)->txids[0].hex(), txid);
}

// btcd's: no rules, and yet segwit is active.
TEST(Template, WithoutRulesTheCommitmentTells) {
    json bare = knots_template();
    bare.erase("rules");
    const auto work = parse_template(bare);
    ASSERT_TRUE(work) << work.error().text();
    EXPECT_TRUE(work->segwit);
    EXPECT_TRUE(work->body.witness);
    EXPECT_EQ(work->witness_commitment.size(), 38u);
    bare["transactions"] = json::array();
    bare.erase("default_witness_commitment");
    EXPECT_FALSE(parse_template(bare)->segwit);
}

TEST(Template, CommitmentIsNeededOnceTransactionsHaveWitnesses) {
    json bare = knots_template();
    bare.erase("default_witness_commitment");
    EXPECT_THAT(error_of(bare), HasSubstr("default_witness_commitment is missing"));
    bare["transactions"] = json::array();
    EXPECT_FALSE(parse_template(bare)->body.witness);
}

TEST(Template, UnknownForcedRuleIsRefusedByName) {
    json forced = knots_template();
    forced["rules"] = {"csv", "!segwit", "!blake2b"};
    const auto refused = parse_template(forced);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::Refused);
    EXPECT_THAT(refused.error().text(), HasSubstr("'!blake2b'"));
    forced["rules"] = {"csv", "!segwit", "blake2b"};
    EXPECT_EQ(error_of(forced), "parsed");
}

TEST(Template, ASignetThatWantsSignaturesHasACommitment) {
    json signet = knots_template();
    signet["rules"] = {"csv", "!segwit", "taproot", "!signet"};
    signet["signet_challenge"] = "51";
    ASSERT_EQ(error_of(signet), "parsed");
    EXPECT_EQ(parse_template(signet)->signet_challenge, std::vector<std::uint8_t>{0x51});
    signet["signet_challenge"] = "512103ad5e0edad18cb1f0fc0d28a3d4f1f3e445640337489abb10404f2d1e086be43051ae";
    ASSERT_EQ(error_of(signet), "parsed");
    signet.erase("default_witness_commitment");
    signet["transactions"] = json::array();
    EXPECT_THAT(error_of(signet), HasSubstr("wants signatures"));
}

TEST(Template, HeightFollows) {
    Template before, next;
    before.height = 100;
    before.prev.bytes[0] = 1;
    next = before;
    EXPECT_TRUE(height_follows(before, next));
    next.height = 101;
    EXPECT_FALSE(height_follows(before, next));  // the same parent
    next.prev.bytes[0] = 2;
    EXPECT_TRUE(height_follows(before, next));
    next.height = 5000;
    EXPECT_FALSE(height_follows(before, next));
    next.height = 99;
    EXPECT_FALSE(height_follows(before, next));
}

TEST(Template, SameWorkLooksPastTheTime) {
    const auto a = *parse_template(knots_template());
    json later = knots_template();
    later["curtime"] = 1795201760;
    EXPECT_TRUE(same_work(a, *parse_template(later)));
    later["coinbasevalue"] = 2500000301;
    EXPECT_FALSE(same_work(a, *parse_template(later)));
}

JobSpec spec() {
    JobSpec s;
    s.script = *util::from_hex("0014751e76e8199196d454941c45d1b3a323f1433bd6");
    s.tag = "/lode/";
    s.version_mask = 0x1fffe000;
    s.network = "regtest";
    s.extranonce1 = {1, 2, 3, 4, 5, 6, 7, 8};
    return s;
}

TEST(SoloJob, FieldsAndRoot) {
    const auto work = std::make_shared<const Template>(*parse_template(knots_template()));
    const auto job = make_job(work, spec());
    ASSERT_TRUE(job) << job.error().text();
    EXPECT_TRUE((*job)->single_block);
    EXPECT_EQ((*job)->height, 151);
    EXPECT_EQ((*job)->version_mask, 0x1fffe000u);
    EXPECT_EQ((*job)->share_target, (*job)->block_target);
    EXPECT_EQ((*job)->branch.size(), 2u);
    EXPECT_EQ((*job)->context_as<Template>(), work.get());
    // Three leaves by hand: the coinbase and the two transactions, the last one doubled.
    const auto block = proposal_block(*job, *work);
    const auto coinbase = work::coinbase(**job, std::vector<std::uint8_t>(8, 0));
    const Hash256 left = crypto::sha256d(crypto::sha256d(coinbase).bytes, work->txids[0].bytes);
    const Hash256 right = crypto::sha256d(work->txids[1].bytes, work->txids[1].bytes);
    EXPECT_EQ(BlockHeader::parse(std::span(block).first<80>()).merkle_root,
              crypto::sha256d(left.bytes, right.bytes));
    EXPECT_EQ(block[80], 3);
    EXPECT_EQ(block.size(), 81 + coinbase.size() + 36 + work->body.transactions.size());
}

TEST(SoloJob, TheContextOfAnotherSourceIsNotATemplate) {
    Job job;
    EXPECT_EQ(job.context_as<Template>(), nullptr);
    job.context = std::make_shared<const JobContext>();
    EXPECT_EQ(job.context_as<Template>(), nullptr);
    EXPECT_EQ(job.context_as<JobContext>(), job.context.get());
}

TEST(SoloJob, SignalledBitsAreNotRolled) {
    json signalling = knots_template();
    signalling["version"] = 0x30000000;
    signalling["vbrequired"] = 1 << 14;
    const auto job = make_job(std::make_shared<const Template>(*parse_template(signalling)), spec());
    EXPECT_EQ((*job)->version, 0x30004000u);
    EXPECT_EQ((*job)->version_mask, 0x0fffa000u);
}

TEST(SoloJob, CoinbaseCountsForTheLimits) {
    json full = knots_template();
    full["weightlimit"] = 844 + 4 * 81 + 4 * 100;
    const auto heavy = make_job(std::make_shared<const Template>(*parse_template(full)), spec());
    ASSERT_FALSE(heavy);
    EXPECT_THAT(heavy.error().text(), HasSubstr("weighs"));
    full = knots_template();
    full["sigoplimit"] = 5;
    EXPECT_TRUE(make_job(std::make_shared<const Template>(*parse_template(full)), spec()));
    JobSpec p2pkh = spec();
    p2pkh.script = *util::from_hex("76a91462e907b15cbf27d5425399ebf6f0fb50ebb88f1888ac");
    const auto many = make_job(std::make_shared<const Template>(*parse_template(full)), p2pkh);
    ASSERT_FALSE(many);
    EXPECT_THAT(many.error().text(), HasSubstr("9 sigops"));
}

}  // namespace
}  // namespace lode::source::node
