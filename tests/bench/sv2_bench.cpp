// Stratum V2: the client's cost of a handshake, and the time from the sealed bytes of a new block to the job
// and its first scan.
#include <benchmark/benchmark.h>

#include "source/sv2/authority.h"
#include "source/sv2/session.h"
#include "source/sv2/transport.h"
#include "work/roll.h"

using namespace lode;
using namespace lode::source;
using namespace lode::source::sv2;

namespace {

constexpr std::uint32_t kChannel = 5;
constexpr std::int64_t kNow = 1'700'000'000;

struct Pool {
    Bytes32 authority = {1};
    KeyPair ephemeral = *make_key_pair(), server = *make_key_pair();
    Bytes certificate =
        serialize(sign_certificate(authority, decode_ellswift(server.encoded), kNow - 60, kNow + 60));

    Responded answer(const KeyPair& client) const {
        return respond(client.encoded, ephemeral, server, certificate);
    }
};

// A new key, act 1, act 2, the certificate: all that a client computes before it speaks.
void Handshake(benchmark::State& state) {
    const Pool pool;
    const Bytes32 authority = public_key(pool.authority);
    for (auto _ : state) {
        KeyPair key = *make_connection_key();
        state.PauseTiming();
        const Bytes act2 = pool.answer(key).act2;
        state.ResumeTiming();
        Transport transport(key, authority, kMaxMiningPayload);
        benchmark::DoNotOptimize(transport.feed(act2, kNow));
        if (!transport.established()) state.SkipWithError("refused");
    }
}

// A session that mines on an extended channel with a merkle path of 12.
struct Mining {
    Mining() : key(*make_connection_key()), transport(key, public_key(pool.authority), kMaxMiningPayload) {
        auto answered = pool.answer(key);
        sender.emplace(std::move(answered.ciphers.responder));
        (void)transport.feed(answered.act2, kNow);
        SessionOptions options;
        options.user = "bob";
        options.version_mask = 0x1fffe000;
        session.emplace(std::move(options), recent);
        session->hashrate(1e6, now);
        session->connected(now);
        hear(sealed(SetupConnectionSuccess{2, 0}));
        hear(sealed(OpenExtendedChannelSuccess{1, kChannel, Uint256(1) << 220, 16, Bytes(8), {}}));
    }
    template <typename Message>
    Bytes sealed(const Message& message) {
        Bytes out;
        seal_frame(to_frame(message), *sender, out);
        return out;
    }
    NewExtendedMiningJob job(std::uint32_t id, std::optional<std::uint32_t> min_ntime) const {
        return {kChannel,      id,           min_ntime,
                0x20000000,    true,         std::vector<Hash256>(12, Hash256{{1}}),
                Bytes(150, 1), Bytes(150, 2)};
    }
    // Bytes to job.
    JobPtr hear(const Bytes& bytes) {
        (void)transport.feed(bytes, kNow);
        while (const auto frame = *transport.next()) session->frame(*frame, now);
        session->tick(now);
        JobPtr published;
        for (auto& action : session->take_actions())
            if (auto* publish = std::get_if<action::Publish>(&action)) published = publish->job;
        return published;
    }

    Pool pool;
    KeyPair key;
    Transport transport;
    pool::RecentJobs recent;
    std::optional<Cipher> sender;
    std::optional<Session> session;
    TimePoint now{std::chrono::seconds(1'000'000)};
};

void NewBlockToFirstScan(benchmark::State& state) {
    Mining mining;
    std::uint32_t id = 0;
    for (auto _ : state) {
        state.PauseTiming();
        mining.now += std::chrono::seconds(1);
        mining.hear(mining.sealed(mining.job(++id, {})));
        const Bytes bytes = mining.sealed(
            SetNewPrevHash{kChannel, id, Hash256{{2}}, static_cast<std::uint32_t>(kNow), 0x1d00ffff});
        state.ResumeTiming();
        const JobPtr job = mining.hear(bytes);
        if (!job) return state.SkipWithError("no job");
        benchmark::DoNotOptimize(work::scan_input(*job, job->space->claim(1)->roll));
    }
}

// Jobs that come faster than anybody can mine them: most are read, kept and replaced.
void JobFlood(benchmark::State& state) {
    Mining mining;
    mining.hear(mining.sealed(mining.job(1, {})));
    mining.hear(mining.sealed(
        SetNewPrevHash{kChannel, 1, Hash256{{2}}, static_cast<std::uint32_t>(kNow), 0x1d00ffff}));
    std::uint32_t id = 1;
    for (auto _ : state) {
        state.PauseTiming();
        const Bytes bytes = mining.sealed(mining.job(++id, static_cast<std::uint32_t>(kNow)));
        mining.now += std::chrono::microseconds(100);
        state.ResumeTiming();
        benchmark::DoNotOptimize(mining.hear(bytes));
    }
    state.SetItemsProcessed(state.iterations());
}

BENCHMARK(Handshake)->Unit(benchmark::kMicrosecond);
BENCHMARK(NewBlockToFirstScan)->Unit(benchmark::kMicrosecond);
BENCHMARK(JobFlood)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
