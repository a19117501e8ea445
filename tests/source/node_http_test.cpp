// What comes over the socket of a node, byte by byte as the test says.
#include <atomic>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/miner_sink.h"
#include "source/node/node_source.h"
#include "source/node/rpc.h"
#include "source/scripted_pool.h"
#include "support/fake_node.h"

namespace lode::source::node {
namespace {

using namespace std::chrono_literals;
using lode::testing::Peer;
using lode::testing::ScriptedPool;
using lode::testing::TestCertificate;
using ::testing::HasSubstr;

// Whether there was one.
bool read_request(Peer& peer) {
    std::size_t size = 0;
    for (std::string line = peer.read_line(); !line.empty() && line != "\r"; line = peer.read_line())
        if (line.starts_with("Content-Length: ")) size = std::stoul(line.substr(16));
    return size > 0 && peer.read_bytes(size).size() == size;
}

std::string answer(const std::string& result) {
    const std::string body = R"({"result":)" + result + R"(,"error":null,"id":1})";
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// The results of one call after the other, on as few connections as the server permits.
std::vector<RpcResult> call(const ScriptedPool& server, int times) {
    boost::asio::io_context io;
    const auto url = *util::parse_url("http://127.0.0.1:" + std::to_string(server.port()));
    RpcClient client(io.get_executor(), net::Dialer::make({}, false).value(), url, Credentials(url, {}));
    std::vector<RpcResult> results;
    for (int i = 0; i < times; ++i)
        client.call("getblockcount", "[]", 5s, [&](const RpcResult& result) { results.push_back(result); });
    lode::testing::run_until(io, [&] { return results.size() == static_cast<std::size_t>(times); });
    return results;
}

TEST(NodeHttp, InterimResponsesArePassedOver) {
    const ScriptedPool server({[](Peer& peer) {
        read_request(peer);
        peer.write("HTTP/1.1 100 Continue\r\n\r\n");
        peer.write("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + answer("7"));
        read_request(peer);
        peer.write("HTTP/1.1 102 Processing\r\n\r\n" + answer("8"));
        peer.wait_for_end();
    }});
    const auto results = call(server, 2);
    ASSERT_EQ(results.size(), 2u);
    ASSERT_TRUE(results[0]) << results[0].error().error.text();
    EXPECT_EQ(results[0]->result, 7);
    ASSERT_TRUE(results[1]);
    EXPECT_EQ(results[1]->result, 8);
    EXPECT_EQ(server.connections(), 1);
}

TEST(NodeHttp, NothingButInterimResponsesIsAnError) {
    const ScriptedPool server({[](Peer& peer) {
        read_request(peer);
        peer.write("HTTP/1.1 100 Continue\r\n\r\n");
    }});
    const auto results = call(server, 1);
    ASSERT_EQ(results.size(), 1u);
    EXPECT_THAT(results[0].error().error.text(), HasSubstr("closed the connection without an answer"));
}

// As for a pool: whoever can pretend to be the node can change what is mined.
TEST(NodeHttp, ANodeThatIsNotVerifiedIsWarnedOf) {
    const TestCertificate certificate;
    std::atomic<int> requests = 0;
    const ScriptedPool server({[&](Peer& peer) {
                                  requests += read_request(peer) ? 1 : 0;
                                  peer.write(answer(R"({"chain":"regtest"})"));
                                  requests += read_request(peer) ? 1 : 0;
                                  peer.wait_for_end();
                              }},
                              &certificate);
    for (const bool pinned : {false, true}) {
        requests = 0;
        const lode::testing::TemporaryFolder folder;
        lode::testing::MinerSink sink;
        SourceOptions options;
        options.coinbase_addr = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
        options.data_dir = folder.path().string();
        options.dial.tls_insecure = true;
        if (pinned) options.dial.tls_fingerprint = certificate.fingerprint;
        auto made =
            make_node_source(*util::parse_url("https://u:p@localhost:" + std::to_string(server.port())),
                             options, sink.io.get_executor());
        ASSERT_TRUE(made) << made.error().text();
        sink.source = std::move(*made);
        sink.source->start(sink);
        ASSERT_TRUE(sink.run_until([&] { return requests == 2; }));
        EXPECT_EQ(sink.was_told("the certificate is not verified"), !pinned);
        sink.source->stop();
    }
}

}  // namespace
}  // namespace lode::source::node
