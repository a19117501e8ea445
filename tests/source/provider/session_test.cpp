// A template provider by transcript, with the blocks that are found meanwhile. No sockets, no clock.
#include <filesystem>
#include <fstream>
#include <functional>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/sha256.h"
#include "source/provider/provider_session.h"
#include "source/sv2/messages.h"
#include "support/fake_node.h"
#include "util/hex.h"
#include "work/roll.h"

namespace lode::source::provider {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Version 1, one input of nothing, one output of 1 satoshi to an empty script.
const char* const kTransaction =
    "01000000"
    "01"
    "0000000000000000000000000000000000000000000000000000000000000000ffffffff0000000000"
    "01"
    "010000000000000000"
    "00000000";
// Its txid: SHA-256d of these bytes, by Python's hashlib.
const char* const kTxid = "5a6bd74a004a435e1e5cae417a93804e289837c8ea4807148a54071243dd76e4";

NewTemplate a_template(std::uint64_t id, bool future = true) {
    NewTemplate out;
    out.id = id;
    out.future = future;
    out.version = 0x20000000;
    out.coinbase_version = 2;
    out.coinbase_prefix = {0x02, 0xe8, 0x03};  // height 1000
    out.coinbase_sequence = 0xfffffffe;
    out.value = 5'000'000'000;
    out.output_count = 1;
    out.outputs = *util::from_hex("0000000000000000266a24aa21a9ed" + std::string(64, '7'));
    out.lock_time = 999;
    return out;
}
SetNewPrevHash a_tip(std::uint64_t id, const Hash256& prev = {{1}}) {
    return {id, prev, 1'700'000'000, 0x207fffff, Uint256::max()};
}

struct Provider {
    explicit Provider(const std::function<void(SessionOptions&)>& adjust = {}) {
        options.host = "provider.example";
        options.port = 8442;
        options.script = *util::from_hex("0014751e76e8199196d454941c45d1b3a323f1433bd6");  // BIP 173
        options.tag = "/lode/";
        options.network = "main";
        options.version_mask = 0x1fffe000;
        if (adjust) adjust(options);
        connect();
    }
    void connect() {
        session.emplace(options, blocks, actions);
        session->connected(now);
        collect();
    }
    void collect() {
        blocks.tick(now);
        session->tick(now);
        for (auto& action : std::exchange(actions, {})) {
            if (auto* send = std::get_if<action::Send>(&action)) sent.push_back(send->frame);
            if (auto* publish = std::get_if<action::Publish>(&action)) jobs.push_back(publish->job);
            if (std::get_if<action::Withdraw>(&action) != nullptr) ++withdrawn;
            if (auto* say = std::get_if<action::Say>(&action)) said.push_back(say->text);
            if (auto* answer = std::get_if<action::Answer>(&action)) answer->callback(answer->outcome);
            if (auto* close = std::get_if<action::Close>(&action)) closed = close->error.text();
        }
    }
    template <typename Message>
    Provider& says(const Message& message) {
        session->frame(sv2::to_frame(message), now);
        collect();
        return *this;
    }
    Provider& wait(std::chrono::milliseconds time) {
        now += time;
        collect();
        return *this;
    }
    Provider& set_up() { return says(sv2::SetupConnectionSuccess{2, 0}); }
    // A first job, and mining.
    Provider& mine() { return set_up().says(a_template(1)).says(a_tip(1)); }

    // The hash of the block that is found.
    Hash256 find(const JobPtr& job, std::uint8_t nonce = 1) {
        Solution solution;
        solution.job = job;
        solution.extranonce2 = work::extranonce2(*job, 0);
        solution.header = work::header_of(*job, 0, 0);
        solution.header.nonce = nonce;
        solution.version = solution.header.version;
        solution.hash = crypto::sha256d(solution.header.serialize());
        solution.block = true;
        blocks.add(
            solution, [this](const Outcome& outcome) { outcomes.push_back(outcome); }, now);
        session->found();
        collect();
        return solution.hash;
    }
    template <typename Message>
    std::vector<Message> sent_of() const {
        std::vector<Message> out;
        for (const sv2::Frame& frame : sent)
            if (frame.type == Message::kType) out.push_back(*sv2::parse<Message>(frame.payload));
        return out;
    }
    std::vector<std::string> pending() const {
        std::vector<std::string> names;
        const auto folder = std::filesystem::path(data.path()) / "blocks-pending";
        if (std::filesystem::exists(folder))
            for (const auto& entry : std::filesystem::directory_iterator(folder))
                names.push_back(entry.path().stem().string());
        return names;
    }

    TimePoint now{std::chrono::seconds(1'000'000)};
    testing::TemporaryFolder data;
    boost::asio::io_context io;
    net::DiskThread disk{io.get_executor()};
    SessionOptions options;
    std::vector<Action> actions;
    FoundBlocks blocks{{"main", "template+tcp://provider.example:8442"}, data.path(), disk, actions};
    std::optional<Session> session;
    std::vector<sv2::Frame> sent;
    std::vector<JobPtr> jobs;
    std::vector<std::string> said;
    std::vector<Outcome> outcomes;
    std::string closed;
    int withdrawn = 0;
};

TEST(ProviderSession, SaysWhatItIsAndWhatItsCoinbaseNeeds) {
    Provider provider;
    const auto setup = provider.sent_of<sv2::SetupConnection>();
    ASSERT_EQ(setup.size(), 1u);
    EXPECT_EQ(setup[0].protocol, 2);
    EXPECT_EQ(setup[0].host, "provider.example");
    provider.set_up();
    const auto needs = provider.sent_of<CoinbaseOutputConstraints>();
    ASSERT_EQ(needs.size(), 1u);
    EXPECT_EQ(needs[0].size, 31u);  // 8 of the value, 1 of the length, 22 of the script
    EXPECT_EQ(needs[0].sigops, 0);
    Provider p2pkh([](SessionOptions& options) {
        options.script = *util::from_hex("76a914751e76e8199196d454941c45d1b3a323f1433bd688ac");
    });
    EXPECT_EQ(p2pkh.set_up().sent_of<CoinbaseOutputConstraints>().at(0).size, 34u);
    EXPECT_EQ(p2pkh.sent_of<CoinbaseOutputConstraints>().at(0).sigops, 4);
}

TEST(ProviderSession, AFutureTemplateWaitsForItsBlock) {
    Provider provider;
    provider.set_up().says(a_template(1));
    EXPECT_THAT(provider.jobs, IsEmpty());
    provider.says(a_tip(1));
    ASSERT_EQ(provider.jobs.size(), 1u);
    const Job& job = *provider.jobs[0];
    EXPECT_EQ(util::to_hex(job.coinbase1),
              "02000000010000000000000000000000000000000000000000000000000000000000000000"
              "ffffffff1b02e803062f6c6f64652f10");
    EXPECT_EQ(job.extranonce1.size() + job.extranonce2_size, 16u);
    EXPECT_EQ(util::to_hex(job.coinbase2),
              "feffffff0200f2052a01000000160014751e76e8199196d454941c45d1b3a323f1433bd6"
              "0000000000000000266a24aa21a9ed" +
                  std::string(64, '7') + "e7030000");
    EXPECT_EQ(job.height, 1000);
    EXPECT_EQ(job.time, 1'700'000'000u);
    EXPECT_EQ(job.bits, 0x207fffffu);
    EXPECT_EQ(job.prev, (Hash256{{1}}));
    EXPECT_TRUE(job.clean);
    EXPECT_EQ(job.version_mask, 0x1fffe000u);
    EXPECT_EQ(job.share_target, job.block_target);
    EXPECT_EQ(job.network, "main");
}

TEST(ProviderSession, ATemplateOfNowReplacesTheOneBeforeAndLeavesItValid) {
    Provider provider;
    provider.mine().wait(7s).says(a_template(2, false));
    ASSERT_EQ(provider.jobs.size(), 2u);
    EXPECT_FALSE(provider.jobs[1]->clean);
    EXPECT_EQ(provider.jobs[1]->time, 1'700'000'007u);
    EXPECT_NE(provider.jobs[1]->extranonce1, provider.jobs[0]->extranonce1);
}

// Where blocks become easier with time, a later time asks for other bits.
TEST(ProviderSession, TimeStaysWhereBitsDependOnIt) {
    Provider provider([](SessionOptions& options) { options.network = "testnet4"; });
    provider.mine().wait(7s).says(a_template(2, false));
    ASSERT_EQ(provider.jobs.size(), 2u);
    EXPECT_EQ(provider.jobs[1]->time, 1'700'000'000u);
}

TEST(ProviderSession, ATargetBelowThatOfBitsCounts) {
    Provider provider;
    SetNewPrevHash tip = a_tip(1);
    tip.target = Uint256(5);
    provider.set_up().says(a_template(1)).says(tip);
    EXPECT_EQ(provider.jobs.at(0)->block_target, Uint256(5));
}

TEST(ProviderSession, ABlockForAnUnknownTemplateLeavesNoWorkAndTheConnection) {
    Provider provider;
    provider.mine().says(a_template(2)).says(a_tip(3, {{2}}));
    EXPECT_EQ(provider.withdrawn, 1);
    EXPECT_THAT(provider.said,
                ElementsAre("a new block, but for template 3, which the provider has not sent"));
    EXPECT_EQ(provider.closed, "");
    provider.says(a_template(4)).says(a_tip(4, {{3}}));
    EXPECT_EQ(provider.jobs.size(), 2u);
}

TEST(ProviderSession, WhatCannotBeIsOneError) {
    const auto closed = [](const std::function<void(NewTemplate&, SetNewPrevHash&)>& spoil) {
        NewTemplate work = a_template(1);
        SetNewPrevHash tip = a_tip(1);
        spoil(work, tip);
        Provider provider;
        provider.set_up().says(work).says(tip);
        EXPECT_EQ(provider.jobs.empty(), !provider.closed.empty());
        return provider.closed;
    };
    EXPECT_EQ(closed([](auto&, auto&) {}), "");
    EXPECT_THAT(closed([](auto& work, auto&) {
                    work.coinbase_prefix = {1, 2};
                }),
                HasSubstr("states no height"));
    EXPECT_THAT(closed([](auto& work, auto&) { work.coinbase_prefix.resize(9); }),
                HasSubstr("a coinbase_prefix of 9 bytes"));
    EXPECT_THAT(closed([](auto& work, auto&) { work.path.resize(255); }),
                HasSubstr("a merkle path of 255 hashes"));
    EXPECT_THAT(closed([](auto& work, auto&) { work.value = 2'100'000'000'000'001; }), HasSubstr("satoshis"));
    EXPECT_THAT(closed([](auto& work, auto&) { work.output_count = 2; }), HasSubstr("cannot be read"));
    EXPECT_THAT(closed([](auto& work, auto&) { work.outputs.push_back(0); }), HasSubstr("cannot be read"));
    EXPECT_THAT(closed([](auto& work, auto&) { work.outputs.assign(65'000, 0); }), HasSubstr("65000 bytes"));
    EXPECT_THAT(closed([](auto& work, auto&) { work.output_count = 0xffffffff; }),
                HasSubstr("4294967295 outputs"));
    EXPECT_THAT(closed([](auto& work, auto& tip) { work.future = false, tip.id = 1; }),
                HasSubstr("before any SetNewPrevHash"));
    EXPECT_THAT(closed([](auto&, auto& tip) { tip.target = Uint256(); }), HasSubstr("target of zero"));
    EXPECT_THAT(closed([](auto&, auto& tip) { tip.bits = 0x01800000; }), HasSubstr("SetNewPrevHash"));
}

TEST(ProviderSession, RefusalsAndSilenceAtTheStart) {
    Provider refused;
    refused.says(sv2::SetupConnectionError{0, "unsupported-protocol\n"});
    EXPECT_EQ(refused.closed, "the provider refuses the connection: unsupported-protocol?");
    Provider other;
    EXPECT_THAT(other.says(sv2::SetupConnectionSuccess{3, 0}).closed, HasSubstr("version 3"));
    EXPECT_THAT(Provider().wait(21s).closed, HasSubstr("no answer to SetupConnection within 20 s"));
    Provider idle;
    EXPECT_THAT(idle.set_up().wait(61s).closed, HasSubstr("no template within 60 s"));
}

TEST(ProviderSession, FramesOfEveryTypeCutOffAnywhere) {
    Provider provider;
    for (unsigned type = 0; type < 256; ++type)
        for (const std::size_t size : {0u, 1u, 7u, 40u, 300u}) {
            provider.connect();
            provider.mine();
            provider.jobs.clear();
            provider.session->frame({0, false, static_cast<std::uint8_t>(type), sv2::Bytes(size, 0xff)},
                                    provider.now);
            provider.collect();
            EXPECT_THAT(provider.jobs, IsEmpty());
        }
}

TEST(ProviderSession, TemplatesWithoutEndKeepTheNewest) {
    Provider provider;
    provider.set_up();
    for (std::uint64_t id = 1; id <= 100; ++id) provider.says(a_template(id));
    provider.says(a_tip(84));
    EXPECT_EQ(provider.withdrawn, 1);
    provider.says(a_template(100)).says(a_tip(100));
    EXPECT_EQ(provider.jobs.size(), 1u);
}

// ---- blocks

TEST(ProviderBlocks, TheTipThatTheyBecomeAcceptsThem) {
    Provider provider;
    provider.mine();
    const Hash256 hash = provider.find(provider.jobs[0]);
    const auto sent = provider.sent_of<SubmitSolution>();
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].id, 1u);
    EXPECT_EQ(sent[0].nonce, 1u);
    EXPECT_EQ(sent[0].time, 1'700'000'000u);
    // marker and flag behind the version, and a witness of 32 zero bytes before the lock time (BIP 141, 144)
    EXPECT_THAT(util::to_hex(sent[0].coinbase), ::testing::StartsWith("02000000000101"));
    EXPECT_THAT(util::to_hex(sent[0].coinbase),
                ::testing::EndsWith("0120" + std::string(64, '0') + "e7030000"));
    EXPECT_THAT(provider.pending(), ElementsAre(hash.hex()));
    EXPECT_THAT(provider.outcomes, IsEmpty());
    NewTemplate next = a_template(2);
    next.coinbase_prefix = {0x02, 0xe9, 0x03};
    provider.says(next).says(a_tip(2, hash));
    ASSERT_EQ(provider.outcomes.size(), 1u);
    EXPECT_EQ(provider.outcomes[0].status, Outcome::Status::Accepted);
    EXPECT_THAT(provider.pending(), IsEmpty());
    EXPECT_EQ(provider.jobs.size(), 2u);
    EXPECT_TRUE(provider.jobs[1]->clean);
}

TEST(ProviderBlocks, AnotherBlockOfTheirHeightMakesThemStale) {
    Provider provider;
    provider.mine();
    provider.find(provider.jobs[0]);
    NewTemplate next = a_template(2);
    next.coinbase_prefix = {0x02, 0xe9, 0x03};
    provider.says(next).says(a_tip(2, {{9}}));
    ASSERT_EQ(provider.outcomes.size(), 1u);
    EXPECT_EQ(provider.outcomes[0].status, Outcome::Status::Stale);
    EXPECT_THAT(provider.pending(), IsEmpty());
}

TEST(ProviderBlocks, WhereTheChainIsFurtherOnTheyAreKeptForANode) {
    Provider provider;
    provider.mine();
    const Hash256 hash = provider.find(provider.jobs[0]);
    NewTemplate next = a_template(2);
    next.coinbase_prefix = {0x02, 0xea, 0x03};
    provider.says(next).says(a_tip(2, {{9}}));
    ASSERT_EQ(provider.outcomes.size(), 1u);
    EXPECT_EQ(provider.outcomes[0].status, Outcome::Status::Unknown);
    EXPECT_EQ(provider.outcomes[0].reason, "the provider has moved on; it is kept for a node");
    EXPECT_THAT(provider.pending(), ElementsAre(hash.hex()));
    provider.blocks.begin();
    provider.collect();
    EXPECT_THAT(provider.said, ElementsAre(HasSubstr("found earlier, waits for a node")));
}

TEST(ProviderBlocks, SilenceEndsTheWaitAndMiningGoesOn) {
    Provider provider;
    provider.mine();
    for (std::uint8_t block = 1; block <= 5; ++block) {
        provider.find(provider.jobs.back(), block);
        provider.says(a_template(1 + block, false));
        EXPECT_EQ(provider.jobs.size(), block);  // no more work on a tip that a block of ours should replace
        provider.wait(11s);
        EXPECT_EQ(provider.outcomes.size(), block);
        if (block == 5) break;
        ASSERT_EQ(provider.jobs.size(), 1u + block);
        EXPECT_TRUE(provider.jobs.back()->clean);
    }
    EXPECT_EQ(provider.outcomes[0].reason, "the provider does not announce it; it is kept for a node");
    EXPECT_THAT(provider.closed, HasSubstr("5 consecutive blocks never became the provider's tip"));
}

TEST(ProviderBlocks, AreSentAgainByTheNextSession) {
    Provider provider;
    provider.mine();
    const Hash256 hash = provider.find(provider.jobs[0]);
    provider.sent.clear();
    provider.connect();
    EXPECT_THAT(provider.sent_of<SubmitSolution>(), IsEmpty());
    provider.set_up();
    EXPECT_EQ(provider.sent_of<SubmitSolution>().size(), 1u);
    provider.says(a_tip(7, hash));
    ASSERT_EQ(provider.outcomes.size(), 1u);
    EXPECT_EQ(provider.outcomes[0].status, Outcome::Status::Accepted);
}

TEST(ProviderBlocks, AreKeptOnceTheTransactionsAreHere) {
    Provider provider;
    NewTemplate work = a_template(1);
    work.path = {*Hash256::from_hex(kTxid)};
    provider.set_up().says(work).says(a_tip(1));
    ASSERT_EQ(provider.sent_of<RequestTransactionData>().size(), 1u);
    EXPECT_EQ(provider.sent_of<RequestTransactionData>()[0].id, 1u);
    const Hash256 hash = provider.find(provider.jobs[0]);
    EXPECT_EQ(provider.sent_of<SubmitSolution>().size(), 1u);  // that waits for nothing
    EXPECT_THAT(provider.pending(), IsEmpty());
    provider.says(RequestTransactionDataSuccess{1, {}, {*util::from_hex(kTransaction)}});
    ASSERT_THAT(provider.pending(), ElementsAre(hash.hex()));
    std::ifstream file(std::filesystem::path(provider.data.path()) / "blocks-pending" /
                       (hash.hex() + ".json"));
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    EXPECT_THAT(text, HasSubstr(kTransaction));
    EXPECT_THAT(provider.said, IsEmpty());
}

TEST(ProviderBlocks, OfOtherTransactionsThanTheTemplatesAreSentButNotKept) {
    Provider provider;
    NewTemplate work = a_template(1);
    work.path = {Hash256{{5}}};
    provider.set_up().says(work).says(a_tip(1));
    provider.says(RequestTransactionDataSuccess{1, {}, {*util::from_hex(kTransaction)}});
    provider.find(provider.jobs[0]);
    EXPECT_EQ(provider.sent_of<SubmitSolution>().size(), 1u);
    EXPECT_THAT(provider.pending(), IsEmpty());
    EXPECT_THAT(provider.said, ElementsAre(HasSubstr("transactions are not those of its template")));
    Provider none;
    none.set_up().says(work).says(a_tip(1)).says(RequestTransactionDataError{1, "stale-template-id"});
    EXPECT_THAT(none.said, ElementsAre(HasSubstr("no transactions of template 1")));
}

}  // namespace
}  // namespace lode::source::provider
