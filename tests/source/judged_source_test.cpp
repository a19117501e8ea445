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
#include "source/registry.h"
#include "support/small_chain.h"
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

struct Sink : JobSink {
    void publish(JobPtr job) override { published.push_back(job->id); }
    void withdraw() override { published.push_back("-"); }
    void report(const Event& event) override {
        if (const auto* j = std::get_if<event::Judgement>(&event)) {
            verdicts.push_back(j->job->id + " " + j->verdict);
            details.push_back(j->detail);
        }
        if (const auto* m = std::get_if<event::Message>(&event)) messages.push_back(m->text);
    }
    void give_up(const Error& error) override { errors.push_back(error); }
    std::vector<std::string> published, verdicts, details, messages;
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
    std::unique_ptr<WorkSource> judged(std::unique_ptr<WorkSource> inner, OnBadJob on_bad_job) {
        watches = std::make_shared<ChainWatches>(options, io.get_executor(), [](const Event&) {});
        return make_judged(std::move(inner), watches, {on_bad_job, 10ms, 30ms}, io.get_executor());
    }
    [[nodiscard]] JobPtr job(const char* id, const Hash256& prev, std::uint32_t bits = 0x207fffff) const {
        Job j;
        j.id = id;
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
    Sink sink;
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

TEST_F(JudgedTest, PausesUntilABetterOneComes) {
    Sink sink;
    auto inner = std::make_unique<Scripted>();
    auto* script = inner.get();
    const auto source = judged(std::move(inner), OnBadJob::Pause);
    source->start(sink);
    script->sink->publish(job("fork", fork));
    script->sink->publish(job("good", hashes[19]));
    EXPECT_THAT(sink.published, ElementsAre("-", "good"));
    // Behind is borne for a while: the pool may be about to see the tip itself.
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

TEST_F(JudgedTest, FailsOver) {
    Sink sink;
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
    Sink sink;
    auto inner = std::make_unique<Scripted>();
    auto* script = inner.get();
    const auto source = judged(std::move(inner), OnBadJob::Pause);
    source->start(sink);
    script->sink->publish(job("any", elsewhere));
    EXPECT_THAT(sink.published, ElementsAre("any"));
    EXPECT_TRUE(sink.verdicts.empty());
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
        const std::string coinbase =
            "0100000001" + std::string(64, '0') + "ffffffff" + fmt::format("0a01{:02x}", height);
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
    Sink sink;
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
