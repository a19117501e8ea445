// Recorded sessions that found blocks on a signet, replayed by a scripted pool: the search is begun 2^20
// nonces before the recorded share and must submit it bit for bit.
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "backend/cpu/kernel_table.h"
#include "source/scripted_pool.h"
#include "source/stratum/stratum_source.h"
#include "support/data.h"
#include "util/hex.h"
#include "work/roll.h"
#include "work/verifier.h"

namespace lode::source::stratum {
namespace {

using nlohmann::json;
using testing::Peer;
using testing::ScriptedPool;

constexpr std::uint32_t kHeadStart = 1 << 20;
constexpr const char* kSubmitted = "mining.submit";

struct Recording {
    json notify, submit, subscribe, configure;  // configure: null where it was not used
    std::optional<std::string> hash;
};

std::optional<Recording> recording(const std::string& name) {
    const auto part = [&](const std::string& which) {
        const auto text = test::read_data("stratum/session_" + name + "_" + which + ".json");
        return text ? json::parse(*text) : json();
    };
    Recording out{part("notify"), part("submit"), part("authorize_response"), {}, {}};
    if (out.notify.is_null() || out.submit.is_null() || out.subscribe.is_null()) return std::nullopt;
    if (const json rolling = part("version_rolling"); !rolling.is_null())
        out.configure = rolling["response"]["result"];
    if (const json result = part("result"); !result.is_null()) out.hash = result["hash"].get<std::string>();
    return out;
}

// Its version bits become the job's own: lode leaves bits that are set alone, so the first variant has
// exactly them.
void fix_version_bits(Recording& session) {
    const json& submit = session.submit["params"];
    if (submit.size() < 6) return;
    const auto bits = *util::hex_u32(submit[5].get<std::string>());
    const auto version = *util::hex_u32(session.notify["params"][5].get<std::string>()) | bits;
    session.notify["params"][5] = util::to_hex(
        std::array{static_cast<std::uint8_t>(version >> 24), static_cast<std::uint8_t>(version >> 16),
                   static_cast<std::uint8_t>(version >> 8), static_cast<std::uint8_t>(version)});
}

struct Sink : JobSink {
    JobPtr job;
    void publish(JobPtr published) override { job = std::move(published); }
    void withdraw() override {}
    void report(const Event&) override {}
    void give_up(const Error& error) override { ADD_FAILURE() << error.text(); }
};

class StratumReplay : public ::testing::TestWithParam<const char*> {};

TEST_P(StratumReplay, TheShareThatFoundTheBlock) {
    auto session = recording(GetParam());
    if (!session) GTEST_SKIP() << "no test data for stratum/session_" << GetParam();
    fix_version_bits(*session);
    const json expected = session->submit["params"];
    std::vector<json> submitted;  // by the pool's thread, read after it has ended
    auto pool = std::make_unique<ScriptedPool>(std::vector<testing::Script>{[&](Peer& peer) {
        const auto answer = [&](const char* method, const json& result) {
            const json id = json::parse(testing::id_of(peer.expect(method)));
            peer.line(json{{"id", id}, {"result", result}, {"error", nullptr}}.dump());
        };
        if (!session->configure.is_null()) answer("mining.configure", session->configure);
        answer("mining.subscribe", session->subscribe["result"]);
        answer("mining.authorize", true);
        peer.line(R"({"id":null,"method":"mining.set_difficulty","params":[0.001]})");
        peer.line(session->notify.dump());
        for (;;) {
            const std::string line = peer.expect(kSubmitted);
            if (line.empty()) return;
            const json request = json::parse(line);
            submitted.push_back(request["params"]);
            peer.line(json{{"id", request["id"]}, {"result", true}, {"error", nullptr}}.dump());
        }
    }});

    boost::asio::io_context io;
    SourceOptions options;
    options.user = expected[0].get<std::string>();
    options.version_rolling = !session->configure.is_null();
    StratumOverrides overrides;
    overrides.first_extranonce2 = std::stoull(expected[2].get<std::string>(), nullptr, 16);
    const std::uint32_t nonce = *util::hex_u32(expected[4].get<std::string>());
    overrides.first_nonce = nonce - kHeadStart;
    Sink sink;
    auto source = *make_stratum_source(*util::parse_url("127.0.0.1:" + std::to_string(pool->port())), options,
                                       io.get_executor(), overrides);
    source->start(sink);
    const auto run_until = [&io](auto done) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!done() && std::chrono::steady_clock::now() < deadline)
            io.run_for(std::chrono::milliseconds(5));
    };
    run_until([&] { return sink.job != nullptr; });
    ASSERT_TRUE(sink.job);

    backend::CpuKernel kernel = backend::cpu_kernels().front();
    for (const auto& other : backend::cpu_kernels())
        if (other.runnable) kernel = other;
    work::Verifier verifier;
    std::size_t answers = 0, sent = 0;
    std::string found;
    for (std::uint64_t searched = 0; searched <= kHeadStart;) {
        const auto claim = sink.job->space->claim(1 << 14);
        ASSERT_TRUE(claim);
        ASSERT_EQ(claim->roll, 0u);
        ScanResult result;
        kernel.scan(work::scan_input(*sink.job, claim->roll), claim->first, claim->count, result);
        searched += claim->count;
        for (std::size_t i = 0; i < result.kept(); ++i) {
            const auto verified = verifier.verify(sink.job, claim->roll, result.hits[i]);
            ASSERT_NE(verified.kind, work::HitKind::HardwareError);
            if (verified.kind == work::HitKind::Miss) continue;
            if (verified.solution.header.nonce == nonce && verified.solution.version == sink.job->version) {
                EXPECT_TRUE(verified.solution.block);
                found = verified.solution.hash.hex();
            }
            ++sent;
            source->submit(verified.solution, [&](const Outcome& outcome) {
                EXPECT_EQ(outcome.status, Outcome::Status::Accepted) << outcome.reason;
                ++answers;
            });
        }
    }
    run_until([&] { return answers == sent; });
    EXPECT_EQ(answers, sent);
    source.reset();
    pool.reset();
    EXPECT_THAT(submitted, ::testing::Contains(expected));
    if (session->hash) {
        EXPECT_EQ(found, *session->hash);
    }
}

INSTANTIATE_TEST_SUITE_P(Sessions, StratumReplay, ::testing::Values("a", "b", "with_version_rolling"),
                         [](const auto& which) { return std::string(which.param); });

}  // namespace
}  // namespace lode::source::stratum
