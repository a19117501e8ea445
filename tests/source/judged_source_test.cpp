#include "source/judged/judged_source.h"

#include <deque>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "chain/header_store.h"
#include "source/judged/unconfirmed_blocks.h"
#include "source/registry.h"
#include "support/small_chain.h"
#include "tests/p2p/mined.h"
#include "util/hex.h"
#include "work/roll.h"

namespace lode::source {
namespace {

using namespace std::chrono_literals;
using chain::ChainTracker;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using tcp = boost::asio::ip::tcp;

struct JudgedSink : JobSink {
    void publish(JobPtr job) override { published.push_back(job->id); }
    void withdraw() override { published.push_back("-"); }
    void report(const Event& event) override {
        if (const auto* j = std::get_if<event::Judgement>(&event)) {
            verdicts.push_back(j->job->id + " " + j->verdict);
            details.push_back(j->detail);
        }
        if (const auto* c = std::get_if<event::BlockConfirmed>(&event))
            confirmed.push_back(fmt::format("{} {} {}", c->height, c->hash.hex(), c->by));
        if (const auto* m = std::get_if<event::Message>(&event)) messages.push_back(m->text);
    }
    void give_up(const Error& error) override { errors.push_back(error); }
    std::vector<std::string> published, verdicts, details, messages, confirmed;
    std::vector<Error> errors;
};

struct Scripted : WorkSource {
    std::string name() const override { return "scripted"; }
    void start(JobSink& to) override { sink = &to; }
    void submit(const Solution&, SubmitCallback callback) override { callback({}); }
    void stop() override { stopped = true; }
    JobSink* sink = nullptr;
    bool stopped = false;
};

// A data directory with 20 regtest blocks, and a branch of 3 that leaves after the tenth.
struct JudgedTest : ::testing::Test {
    JudgedTest() {
        const auto& network = *chain::find_network("regtest");
        const auto lock = chain::NetworkDir::lock(dir.path(), network, "test").value();
        auto store = chain::HeaderStore::open(lock).value();
        ChainTracker tracker = store.take_tracker();
        for (const auto& h : test::regtest_headers(20)) hashes.push_back(add(tracker, h));
        auto parent = *tracker.find(hashes[9]);
        for (int i = 0; i < 3; ++i) {
            const auto h = test::mine_after(tracker, parent, tracker[parent].time + 30, 7);
            parent = *tracker.find(add(tracker, h));
        }
        fork = tracker.hash(parent);
        EXPECT_FALSE(store.append(tracker));
        time = tracker[tracker.tip()].time + 60;
        options.network = "regtest";
        options.data_dir = dir.path();
    }
    static Hash256 add(ChainTracker& tracker, const BlockHeader& h) {
        EXPECT_TRUE(tracker.accept(h, chain::kAnyTime).has_value());
        return h.hash();
    }
    std::unique_ptr<WorkSource> judged(std::unique_ptr<WorkSource> inner, OnBadJob on_bad_job,
                                       std::chrono::milliseconds grace = 30ms) {
        watches = std::make_shared<ChainWatches>(options, io.get_executor(), [](const Event&) {});
        return make_judged(std::move(inner), watches, {on_bad_job, 10ms, grace}, io.get_executor());
    }
    [[nodiscard]] JobPtr job(const char* id, const Hash256& prev, std::uint32_t bits = 0x207fffff,
                             const char* network = "") const {
        Job j;
        j.id = id;
        j.network = network;
        j.prev = prev;
        j.bits = bits;
        j.time = time;
        j.height = 21;
        j.extranonce2_size = 4;
        return work::seal(std::move(j));
    }
    test::TemporaryDir dir;
    boost::asio::io_context io;
    SourceOptions options;
    std::vector<Hash256> hashes;  // of heights 1 to 20
    Hash256 fork, elsewhere = *Hash256::from_hex(std::string(64, '5'));
    std::uint32_t time = 0;
    std::shared_ptr<ChainWatches> watches;
};

TEST_F(JudgedTest, WarnsAndMinesOn) {
    JudgedSink sink;
    auto inner = std::make_unique<Scripted>();
    auto* script = inner.get();
    const auto source = judged(std::move(inner), OnBadJob::Warn);
    source->start(sink);
    script->sink->publish(job("good", hashes[19]));
    script->sink->publish(job("stale", hashes[16]));
    script->sink->publish(job("fork", fork));
    script->sink->publish(job("bits", hashes[19], 0x207ffffe));
    script->sink->publish(job("ahead", elsewhere));
    EXPECT_THAT(sink.verdicts,
                ElementsAre("good tip", "stale behind", "fork fork", "bits wrong-bits", "ahead ahead"));
    EXPECT_THAT(sink.details[1], HasSubstr("on height 17, 3 blocks behind the tip"));
    EXPECT_THAT(sink.published, ElementsAre("good", "stale", "fork", "bits", "ahead"));
    source->stop();
    EXPECT_TRUE(script->stopped);
    EXPECT_EQ(sink.messages.back(), "jobs judged: 1 tip, 1 behind, 1 ahead, 1 fork, 1 wrong-bits");
}

TEST_F(JudgedTest, PausesUntilAJobOnTheTip) {
    JudgedSink sink;
    auto inner = std::make_unique<Scripted>();
    auto* script = inner.get();
    const auto source = judged(std::move(inner), OnBadJob::Pause);
    source->start(sink);
    script->sink->publish(job("fork", fork));
    script->sink->publish(job("good", hashes[19]));
    EXPECT_THAT(sink.published, ElementsAre("-", "good"));
    // Behind is tolerated for a while: the pool may be about to see the tip itself.
    script->sink->publish(job("stale", hashes[18]));
    EXPECT_THAT(sink.published, ElementsAre("-", "good", "stale"));
    io.run_for(60ms);
    EXPECT_THAT(sink.published, ElementsAre("-", "good", "stale", "-"));
    // Ahead, with nobody to ask, is not held against anyone.
    script->sink->publish(job("ahead", elsewhere));
    io.restart();
    io.run_for(60ms);
    EXPECT_EQ(sink.published.back(), "ahead");
    source->stop();
}

Solution block_of(JobPtr job, const Hash256& hash) {
    Solution solution;
    solution.job = std::move(job);
    solution.hash = hash;
    solution.block = true;
    return solution;
}

// The pool's node has taken a block once the pool builds on it, whatever was answered to the share.
TEST_F(JudgedTest, ThePoolsNextJobConfirmsABlock) {
    JudgedSink sink;
    auto inner = std::make_unique<Scripted>();
    auto* script = inner.get();
    const auto source = judged(std::move(inner), OnBadJob::Warn);
    source->start(sink);
    const JobPtr first = job("first", hashes[19]);
    script->sink->publish(first);
    source->submit(block_of(first, elsewhere), [](const Outcome&) {});
    script->sink->publish(job("same tip", hashes[19]));
    EXPECT_TRUE(sink.confirmed.empty());
    script->sink->publish(job("on it", elsewhere));
    script->sink->publish(job("on it still", elsewhere));
    EXPECT_THAT(sink.confirmed, ElementsAre("20 " + elsewhere.hex() + " the pool's next job"));
    source->stop();
}

TEST_F(JudgedTest, TheHeaderTreeConfirmsBlocksOfTheBestChain) {
    const auto& network = *chain::find_network("regtest");
    ChainTracker tracker(network);
    std::vector<Hash256> main;
    for (const auto& h : test::regtest_headers(20)) main.push_back(add(tracker, h));
    const auto branch =
        test::mine_after(tracker, *tracker.find(main[9]), tracker[*tracker.find(main[9])].time + 30, 7);
    const Hash256 left = add(tracker, branch);
    UnconfirmedBlocks blocks;
    for (const Hash256& hash : {left, main[4], elsewhere}) blocks.sent(block_of(job("x", main[3]), hash));
    Job solo;
    solo.single_block = true;
    blocks.sent(block_of(work::seal(std::move(solo)), main[5]));  // a node's answer is about the block
    const auto confirmed = blocks.in(tracker);
    ASSERT_THAT(confirmed, SizeIs(1));
    EXPECT_EQ(confirmed[0].hash, main[4]);
    EXPECT_EQ(confirmed[0].height, 5);
    EXPECT_TRUE(blocks.in(tracker).empty());
}

TEST_F(JudgedTest, FailsOver) {
    JudgedSink sink;
    auto inner = std::make_unique<Scripted>();
    auto* script = inner.get();
    const auto source = judged(std::move(inner), OnBadJob::Failover);
    source->start(sink);
    script->sink->publish(job("bits", hashes[19], 0x207ffffe));
    EXPECT_FALSE(script->stopped);  // not within its own call
    io.run_for(20ms);
    EXPECT_TRUE(script->stopped);
    EXPECT_TRUE(sink.published.empty());
    ASSERT_THAT(sink.errors, SizeIs(1));
    EXPECT_EQ(sink.errors[0].kind, ErrorKind::Refused);
    EXPECT_THAT(sink.errors[0].text(), HasSubstr("job bits is wrong-bits: nBits 207ffffe at height 21"));
}

TEST_F(JudgedTest, WithoutHeadersNothingIsJudged) {
    options.network = "testnet4";
    JudgedSink sink;
    auto inner = std::make_unique<Scripted>();
    auto* script = inner.get();
    const auto source = judged(std::move(inner), OnBadJob::Pause);
    source->start(sink);
    script->sink->publish(job("any", elsewhere));
    EXPECT_THAT(sink.published, ElementsAre("any"));
    EXPECT_TRUE(sink.verdicts.empty());
}

// A peer on loopback with the same 20 blocks, which finds more of them.
struct FollowingTest : JudgedTest {
    FollowingTest() {
        chain.grow(test::regtest_headers(20));
        p2p::NodeSettings settings;
        settings.magic = p2p::test::regtest().magic;
        settings.listen.emplace();
        settings.listen->host = "127.0.0.1";
        node.emplace(io.get_executor(), chain, settings, [](auto, const std::string&) {});
        EXPECT_TRUE(node->start());
        options.peers = {"127.0.0.1:" + std::to_string(node->port())};
    }
    ~FollowingTest() override {
        node->stop();
        if (watches) watches->stop();
    }
    void run(std::chrono::milliseconds duration) {
        io.restart();
        io.run_for(duration);
    }
    // Until the watch on regtest has that many headers, genesis included.
    void follow_to(std::size_t count) {
        const auto watch = watches->of("regtest");
        ASSERT_TRUE(watch);
        for (int i = 0; i < 1000 && ((*watch)->tree().size() < count || !(*watch)->synced()); ++i) run(10ms);
        ASSERT_GE((*watch)->tree().size(), count);
    }
    void find_block() {
        const auto found = p2p::test::branch(chain.tip_hash(), 1, 0, ++time);
        chain.grow(found);
        node->announce(found);
    }
    p2p::test::Toy chain{true};  // with blocks: others are not announced
    std::optional<p2p::Node> node;
    JudgedSink sink;
};

// The grace runs from the first block that the job is behind: more blocks within it do not begin it anew.
TEST_F(FollowingTest, OnAFastChainAJobIsStillReportedBehind) {
    auto inner = std::make_unique<Scripted>();
    auto* script = inner.get();
    const auto source = judged(std::move(inner), OnBadJob::Pause, 300ms);
    source->start(sink);
    follow_to(21);
    script->sink->publish(job("old", hashes[19]));
    ASSERT_THAT(sink.verdicts, ElementsAre("old tip"));
    for (int i = 0; i < 100 && sink.verdicts.size() < 2; ++i) {
        find_block();
        run(20ms);
    }
    EXPECT_THAT(sink.verdicts, ElementsAre("old tip", "old behind"));
    EXPECT_THAT(sink.published, ElementsAre("old", "-"));
    // A pool that stays behind by more than the grace has had it: its new jobs begin no new one.
    script->sink->publish(job("stale", hashes[19]));
    EXPECT_EQ(sink.verdicts.back(), "stale behind");
    EXPECT_THAT(sink.published, ElementsAre("old", "-", "-"));
    source->stop();
}

TEST_F(FollowingTest, APeerConfirmsABlock) {
    auto inner = std::make_unique<Scripted>();
    auto* script = inner.get();
    const auto source = judged(std::move(inner), OnBadJob::Warn);
    source->start(sink);
    follow_to(21);
    const JobPtr tip = job("tip", hashes[19]);
    script->sink->publish(tip);
    const auto found = p2p::test::branch(chain.tip_hash(), 1, 0, ++time);
    source->submit(block_of(tip, found.back().hash()), [](const Outcome&) {});
    chain.grow(found);
    node->announce(found);
    for (int i = 0; i < 100 && sink.confirmed.empty(); ++i) run(10ms);
    EXPECT_THAT(sink.confirmed, ElementsAre("21 " + found.back().hash().hex() + " the header tree"));
    source->stop();
}

TEST_F(FollowingTest, TheSubscriptionFollowsTheJobsNetwork) {
    auto inner = std::make_unique<Scripted>();
    auto* script = inner.get();
    const auto source = judged(std::move(inner), OnBadJob::Warn);
    source->start(sink);
    follow_to(21);
    script->sink->publish(job("other", elsewhere, 0x1d00ffff, "testnet4"));
    script->sink->publish(job("here", hashes[19], 0x207fffff, "regtest"));
    ASSERT_EQ(sink.verdicts.back(), "here tip");
    find_block();
    for (int i = 0; i < 100 && sink.verdicts.back() == "here tip"; ++i) run(10ms);
    EXPECT_EQ(sink.verdicts.back(), "here behind");
    source->stop();
}

// The magic of its peers and its folder follow from the challenge (BIP 325), as the job's source gives it.
TEST_F(JudgedTest, ACustomSignetIsFollowedByItsChallenge) {
    options.network.clear();
    options.peers = {"127.0.0.1:1"};
    const auto source = judged(std::make_unique<Scripted>(), OnBadJob::Warn);
    const std::vector<std::uint8_t> op_true = {0x51};
    const auto custom = watches->of("signet", op_true), ordinary = watches->of("signet");
    ASSERT_TRUE(custom && ordinary);
    ASSERT_TRUE(*custom != nullptr && *ordinary != nullptr);
    // The first four bytes of SHA-256d of 01 51, by Python's hashlib.
    EXPECT_EQ((*custom)->tree().network().magic, (std::array<std::uint8_t, 4>{0x54, 0xd2, 0x6f, 0xbd}));
    EXPECT_EQ((*custom)->tree().network().stored_name, "sig-54d26fbd");
    EXPECT_EQ((*ordinary)->tree().network().magic, (std::array<std::uint8_t, 4>{0x0a, 0x03, 0xcf, 0x40}));
    EXPECT_EQ(*watches->of("signet", op_true), *custom);
    watches->stop();
}

// A pool on a socket that says what it is told to.
struct ScriptedPool {
    explicit ScriptedPool(boost::asio::io_context& io)
        : acceptor(io, tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0)), socket(io) {
        acceptor.async_accept(socket, [this](auto error) {
            if (!error) read();
        });
    }
    void read() {
        boost::asio::async_read_until(socket, input, '\n', [this](auto error, std::size_t size) {
            if (error) return;
            const std::string line(static_cast<const char*>(input.data().data()), size);
            input.consume(size);
            answer(nlohmann::json::parse(line));
            read();
        });
    }
    void answer(const nlohmann::json& request) {
        const std::string method = request.value("method", "");
        nlohmann::json result = true;
        if (method == "mining.configure") result = nlohmann::json::object();
        if (method == "mining.subscribe") result = {nlohmann::json::array(), "abcd", 4};
        say({{"id", request["id"]}, {"result", result}, {"error", nullptr}});
        if (method == "mining.authorize") {
            say({{"id", nullptr}, {"method", "mining.set_difficulty"}, {"params", {1}}});
            authorized = true;
        }
    }
    void say(const nlohmann::json& message) {
        boost::system::error_code ignored;
        boost::asio::write(socket, boost::asio::buffer(message.dump() + "\n"), ignored);
    }
    // Stratum swaps the bytes of each of the eight words of the previous hash.
    void notify(const char* id, const Hash256& prev, std::uint32_t bits, std::uint32_t time,
                std::uint8_t height) {
        std::string swapped;
        for (std::size_t word = 0; word < 8; ++word)
            for (std::size_t byte = 4; byte-- > 0;)
                swapped += fmt::format("{:02x}", prev.bytes[4 * word + byte]);
        // BIP 34: up to 16 as OP_1 to OP_16.
        const auto push =
            height <= 16 ? fmt::format("0a{:02x}", 0x50 + height) : fmt::format("0a01{:02x}", height);
        const std::string coinbase = "0100000001" + std::string(64, '0') + "ffffffff" + push;
        script.push_back(
            {{"id", nullptr},
             {"method", "mining.notify"},
             {"params",
              {id, swapped, coinbase, "ffffffff0100f2052a01000000015100000000", nlohmann::json::array(),
               "20000000", fmt::format("{:08x}", bits), fmt::format("{:08x}", time), true}}});
    }
    tcp::acceptor acceptor;
    tcp::socket socket;
    boost::asio::streambuf input;
    std::deque<nlohmann::json> script;
    bool authorized = false;
};

TEST_F(JudgedTest, AScriptedPoolIsCalledByName) {
    ScriptedPool pool(io);
    pool.notify("tip", hashes[19], 0x207fffff, time, 21);
    pool.notify("stale", hashes[17], 0x207fffff, time, 19);
    pool.notify("fork", fork, 0x207fffff, time, 14);
    pool.notify("bits", hashes[19], 0x1d00ffff, time, 21);
    pool.notify("past", hashes[19], 0x207fffff, time - 20 * 60, 21);
    pool.notify("next", elsewhere, 0x207fffff, time, 22);
    // The height in its coinbase tells another chain from one that is ahead of us.
    pool.notify("other", elsewhere, 0x207fffff, time, 14);

    options.user = "worker";
    util::Url url;
    url.scheme = "stratum+tcp";
    url.host = "127.0.0.1";
    url.port = pool.acceptor.local_endpoint().port();
    auto made = make_source(url, options, io.get_executor());
    ASSERT_TRUE(made) << made.error().text();
    const auto source = judged(std::move(*made), OnBadJob::Warn);
    JudgedSink sink;
    source->start(sink);
    for (int i = 0; i < 100 && sink.verdicts.size() < 7; ++i, io.run_for(50ms)) {
        if (!pool.authorized || pool.script.empty()) continue;
        pool.say(pool.script.front());
        pool.script.pop_front();
    }
    EXPECT_THAT(sink.verdicts, ElementsAre("tip tip", "stale behind", "fork fork", "bits wrong-bits",
                                           "past bad-time", "next ahead", "other unknown-chain"));
    source->stop();
    io.run_for(100ms);
}

}  // namespace
}  // namespace lode::source
