// The source over real sockets, against scripted providers on loopback.
#include <atomic>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/miner_sink.h"
#include "source/provider/provider_source.h"
#include "source/sv2/server.h"
#include "support/fake_node.h"

namespace lode::source::provider {
namespace {

using namespace std::chrono_literals;
using sv2::Server;
using ::testing::HasSubstr;
using testing::Peer;
using testing::ScriptedPool;

// Up to a job.
bool mine(Server& server) {
    const auto setup = server.hears<sv2::SetupConnection>();
    server.says(sv2::SetupConnectionSuccess{2, 0});
    const auto needs = server.hears<CoinbaseOutputConstraints>();
    if (!setup || !needs) return false;
    NewTemplate work;
    work.id = 1;
    work.future = true;
    work.version = 0x20000000;
    work.coinbase_prefix = {0x02, 0xe8, 0x03};
    server.says(work);
    server.says(SetNewPrevHash{1, {}, sv2::unix_time(), 0x207fffff, Uint256::max()});
    return true;
}

struct Miner : testing::MinerSink {
    Miner() {
        options.data_dir = data.path();
        options.coinbase_addr = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
        options.network = "regtest";
        options.retry_pause = 20ms;
    }
    void start(const ScriptedPool& pool, const std::string& key = sv2::kKey) {
        auto made = make_provider_source(
            *util::parse_url("template+tcp://127.0.0.1:" + std::to_string(pool.port()) + "/" + key), options,
            io.get_executor());
        ASSERT_TRUE(made) << made.error().text();
        source = std::move(*made);
        source->start(*this);
    }
    testing::TemporaryFolder data;
    SourceOptions options;
};

TEST(ProviderSource, MinesSubmitsAndHearsOfItsBlock) {
    std::atomic<std::uint64_t> solved = 0;
    ScriptedPool pool({[&](Peer& peer) {
        Server server(peer);
        if (!mine(server)) return;
        if (const auto solution = server.hears<SubmitSolution>()) solved = solution->id;
        server.says(SetNewPrevHash{2, {}, sv2::unix_time(), 0x207fffff, Uint256::max()});
        server.wait_for_end();
    }});
    Miner miner;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return miner.jobs.size() == 1; }));
    miner.submit(miner.jobs[0]);          // its hash is that of the tip announced: zero
    EXPECT_TRUE(miner.outcomes.empty());  // never from within
    ASSERT_TRUE(miner.run_until([&] { return miner.outcomes.size() == 1; }));
    EXPECT_EQ(miner.outcomes[0].status, Outcome::Status::Accepted);
    EXPECT_EQ(solved, 1u);
}

TEST(ProviderSource, KeepsMiningWhileTheProviderIsAwayAndDeliversWhatItFound) {
    std::atomic<bool> delivered = false;
    ScriptedPool pool({[](Peer& peer) {
                           Server server(peer);
                           mine(server);
                       },
                       [&](Peer& peer) {
                           Server server(peer);
                           const auto setup = server.hears<sv2::SetupConnection>();
                           server.says(sv2::SetupConnectionSuccess{2, 0});
                           if (!setup || !server.hears<CoinbaseOutputConstraints>()) return;
                           delivered = server.hears<SubmitSolution>().has_value();
                           server.wait_for_end();
                       }});
    Miner miner;
    miner.options.retry_pause = 300ms;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return miner.lost.size() == 1; }));
    ASSERT_EQ(miner.jobs.size(), 1u);
    EXPECT_EQ(miner.withdrawn, 0);
    miner.submit(miner.jobs[0]);
    ASSERT_TRUE(miner.run_until([&] { return delivered.load(); }));
    miner.source->stop();
    ASSERT_EQ(miner.outcomes.size(), 1u);
    EXPECT_EQ(miner.outcomes[0].status, Outcome::Status::Unknown);
}

TEST(ProviderSource, AnotherAuthorityIsRefused) {
    ScriptedPool pool({[](Peer& peer) { Server(peer, sv2::Bytes32{1}).wait_for_end(); }});
    Miner miner;
    miner.options.retries = 1;
    miner.start(pool);
    ASSERT_TRUE(miner.run_until([&] { return miner.gave_up.has_value(); }));
    EXPECT_THAT(miner.gave_up->text(), HasSubstr("not signed by the authority whose key the URL names"));
    EXPECT_EQ(pool.connections(), 2);
}

TEST(ProviderSource, WithoutAKeyItIsSaidWhatThatMeans) {
    ScriptedPool pool({[](Peer& peer) {
        Server server(peer);
        mine(server);
        server.wait_for_end();
    }});
    Miner miner;
    miner.options.sv2_insecure = true;
    miner.start(pool, "");
    ASSERT_TRUE(miner.run_until([&] { return miner.jobs.size() == 1; }));
    EXPECT_TRUE(miner.was_told("can change what is mined"));
}

TEST(ProviderSource, UsageErrors) {
    Miner miner;
    const auto error = [&](const std::string& url) {
        const auto made = make_provider_source(*util::parse_url(url), miner.options, miner.io.get_executor());
        return made ? "" : made.error().text();
    };
    const std::string good = std::string("template+tcp://provider:8442/") + sv2::kKey;
    EXPECT_EQ(error(good), "");
    EXPECT_THAT(error("template+tcp://provider:8442"), HasSubstr("no key of the server"));
    EXPECT_THAT(error(std::string("template+tcp://provider/") + sv2::kKey), HasSubstr("no port"));
    EXPECT_THAT(error(good + "1"), HasSubstr("wrong checksum"));
    miner.options.network = "";  // main
    EXPECT_THAT(error(good), HasSubstr("main"));
    miner.options.coinbase_addr = "";
    EXPECT_THAT(error(good), HasSubstr("no address for the reward"));
}

}  // namespace
}  // namespace lode::source::provider
