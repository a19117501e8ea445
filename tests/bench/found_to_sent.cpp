// The time of a found block from the source's submit() until the node has read it, including the write of its
// journal entry. The node is a fake on loopback, in this process.
//   lode_found_to_sent DIRECTORY [BLOCKS] [BYTES]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "source/node/node_source.h"
#include "support/fake_node.h"
#include "support/templates.h"
#include "util/hex.h"

namespace lode {
namespace {

using Clock = std::chrono::steady_clock;
using nlohmann::json;

struct Bench {
    testing::FakeReply answer(const testing::FakeCall& call) {
        if (call.method == "getblockchaininfo") return testing::result({{"chain", "regtest"}});
        if (call.method == "getbestblockhash") return testing::result(work["previousblockhash"]);
        if (call.method == "getblocktemplate") return testing::result(work);
        if (call.method == "getblockhash") return testing::result(work["previousblockhash"]);
        if (call.method != "submitblock") return testing::rpc_error(-32601, "Method not found", 404);
        sent = Clock::now();
        const auto raw = *util::from_hex(call.params[0].get_ref<const std::string&>());
        work["previousblockhash"] = BlockHeader::parse(std::span(raw).first<80>()).hash().hex();
        work["height"] = work["height"].get<int>() + 1;
        return testing::result(nullptr);
    }
    json work;
    std::optional<Clock::time_point> sent;
};

int run(const std::string& directory, std::size_t blocks, std::size_t bytes) {
    Bench bench;
    bench.work = testing::knots_template();
    bench.work.erase("longpollid");
    bench.work["capabilities"] = json::array();
    const json transaction = bench.work["transactions"][1];  // 100 bytes
    bench.work["transactions"] = json::array();
    for (std::size_t size = 0; size + 100 <= bytes; size += 100)
        bench.work["transactions"].push_back(transaction);

    boost::asio::io_context io;
    testing::FakeNode node(io, [&](const testing::FakeCall& call) { return bench.answer(call); });
    SourceOptions options;
    options.coinbase_addr = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
    options.data_dir = directory;
    auto source = source::make_node_source(*util::parse_url(node.url()), options, io.get_executor());
    if (!source) return std::printf("%s\n", source.error().text().c_str()), 1;
    testing::RecordingSink sink;
    (*source)->start(sink);

    std::vector<double> times;  // ms
    testing::run_until(io, [&] { return !sink.jobs.empty(); });
    while (!sink.jobs.empty() && times.size() < blocks) {
        const Solution solution = testing::solve(sink.jobs.back());
        bench.sent.reset();
        bool answered = false;
        const auto found = Clock::now();
        (*source)->submit(solution, [&](const Outcome&) { answered = true; });
        const std::size_t seen = sink.jobs.size();
        if (!testing::run_until(io, [&] { return bench.sent && answered && sink.jobs.size() > seen; })) break;
        times.push_back(std::chrono::duration<double, std::milli>(*bench.sent - found).count());
    }
    (*source)->stop();
    if (times.size() < blocks) return std::printf("no block in time\n"), 1;
    std::ranges::sort(times);
    std::printf(
        "%zu blocks of about %zu bytes: median %.3f ms, quartiles %.3f to %.3f, lowest %.3f, highest %.3f\n",
        blocks, bytes, times[blocks / 2], times[blocks / 4], times[3 * blocks / 4], times.front(),
        times.back());
    return 0;
}

}  // namespace
}  // namespace lode

int main(int argc, char** argv) {
    if (argc < 2) return std::printf("lode_found_to_sent DIRECTORY [BLOCKS] [BYTES]\n"), 1;
    return lode::run(argv[1], argc > 2 ? static_cast<std::size_t>(std::atoi(argv[2])) : 50,
                     argc > 3 ? static_cast<std::size_t>(std::atoi(argv[3])) : 1'000);
}
