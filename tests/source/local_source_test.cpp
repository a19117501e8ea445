#include "source/local/local_source.h"

#include <chrono>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend/cpu/kernel_table.h"
#include "chain/network.h"
#include "support/small_chain.h"
#include "work/roll.h"
#include "work/verifier.h"

namespace lode::source {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

struct LocalSink : JobSink {
    void publish(JobPtr job) override { jobs.push_back(std::move(job)); }
    void withdraw() override { ++withdrawn; }
    void report(const Event& event) override { events.push_back(event); }
    void give_up(const Error& error) override { errors.push_back(error); }
    std::vector<JobPtr> jobs;
    std::vector<Event> events;
    std::vector<Error> errors;
    int withdrawn = 0;
};

// A block for the job: two million hashes on average, by the fastest kernel here.
Solution solve(const JobPtr& job) {
    const auto kernels = backend::cpu_kernels();
    const backend::CpuKernel* fastest = kernels.data();
    for (const auto& k : kernels)
        if (k.runnable) fastest = &k;
    work::Verifier verifier;
    for (std::uint64_t roll = 0;; ++roll) {
        const auto input = work::scan_input(*job, roll);
        for (std::uint64_t first = 0; first < 1ull << 32; first += 1 << 16) {
            ScanResult result;
            fastest->scan(input, static_cast<std::uint32_t>(first), 1 << 16, result);
            for (std::size_t i = 0; i < result.kept(); ++i) {
                auto verified = verifier.verify(job, roll, result.hits[i]);
                if (verified.kind == work::HitKind::Block) return verified.solution;
            }
        }
    }
}

struct LocalSourceTest : ::testing::Test {
    std::unique_ptr<WorkSource> make() {
        SourceOptions options;
        options.data_dir = dir.path();
        auto source = make_local_source({}, options, io.get_executor());
        EXPECT_TRUE(source) << source.error().text();
        return std::move(*source);
    }
    // Runs until the answer, which comes when the block is on the disk.
    Outcome submit(WorkSource& source, const Solution& solution) {
        std::optional<Outcome> outcome;
        source.submit(solution, [&](const Outcome& o) { outcome = o; });
        EXPECT_FALSE(outcome) << "from within submit()";
        run_until([&] { return outcome.has_value(); });
        return outcome.value_or(Outcome{Outcome::Status::Unknown, "none in time"});
    }
    // Starts it and waits for its first job.
    void start(WorkSource& source, LocalSink& sink) {
        source.start(sink);
        EXPECT_TRUE(sink.jobs.empty()) << "from within start()";
        run_until([&] { return !sink.jobs.empty() || !sink.errors.empty(); });
    }
    template <typename Done>
    void run_until(Done done) {
        const auto deadline = std::chrono::steady_clock::now() + 10s;
        while (!done() && std::chrono::steady_clock::now() < deadline) {
            io.restart();
            io.run_one_for(100ms);
        }
    }
    test::TemporaryDir dir;
    boost::asio::io_context io;
};

TEST_F(LocalSourceTest, MinesAndGoesOnWhereItWas) {
    Hash256 found;
    {
        LocalSink sink;
        const auto source = make();
        start(*source, sink);
        ASSERT_EQ(sink.jobs.size(), 1u);
        const JobPtr job = sink.jobs[0];
        EXPECT_EQ(job->prev, chain::find_network("local")->genesis_hash);
        EXPECT_EQ(job->height, 1);
        EXPECT_EQ(job->network, "local");
        EXPECT_EQ(job->bits, chain::find_network("local")->pow_limit_bits);
        EXPECT_EQ(job->block_target, job->share_target);
        EXPECT_TRUE(job->clean);
        EXPECT_TRUE(job->single_block);
        EXPECT_EQ(job->version_mask, 0x1fffe000u);  // rolled versions are fastest

        const Solution solution = solve(job);
        found = solution.hash;
        EXPECT_EQ(submit(*source, solution).status, Outcome::Status::Accepted);
        // At once, unless it was found within the second of its header's time: the next may not have the same
        // yet. Jobs on the first tip may have had their time renewed before.
        run_until([&] { return sink.jobs.back()->height == 2; });
        ASSERT_EQ(sink.jobs.back()->height, 2);
        EXPECT_EQ(sink.jobs.back()->prev, found);

        auto forged = solution;
        ++forged.header.nonce;
        const auto outcome = submit(*source, forged);
        EXPECT_EQ(outcome.status, Outcome::Status::Rejected);
        EXPECT_THAT(outcome.reason, HasSubstr("high-hash"));
        // Outstanding at the end: answered by stop(), once.
        int answers = 0;
        source->submit(solution, [&](const Outcome& o) {
            EXPECT_EQ(o.status, Outcome::Status::Unknown);
            ++answers;
        });
        EXPECT_EQ(answers, 0);
        source->stop();
        EXPECT_EQ(answers, 1);
        source->stop();
        io.run_for(20ms);
        EXPECT_EQ(answers, 1);
    }
    LocalSink sink;
    const auto source = make();
    start(*source, sink);
    ASSERT_EQ(sink.jobs.size(), 1u);
    EXPECT_EQ(sink.jobs[0]->prev, found);
}

TEST_F(LocalSourceTest, HeaderTimeIsRenewed) {
    LocalSink sink;
    const auto source = make();
    source->start(sink);
    run_until([&] { return sink.jobs.size() == 2; });
    ASSERT_EQ(sink.jobs.size(), 2u);
    EXPECT_FALSE(sink.jobs[1]->clean);
    EXPECT_EQ(sink.jobs[1]->prev, sink.jobs[0]->prev);
    EXPECT_GE(sink.jobs[1]->time, sink.jobs[0]->time + 1);
}

// Blocks faster than header time allows: the difficulty must not come to believe a clock that runs ahead of
// ours, so the next second is waited for. Here a block that claims to be from the future stands for a very
// fast device.
TEST_F(LocalSourceTest, WaitsWhereHeaderTimeWouldRunAhead) {
    LocalSink sink;
    const auto source = make();
    start(*source, sink);
    Job job = *sink.jobs.back();
    const std::uint32_t future = job.time += 3;
    EXPECT_EQ(submit(*source, solve(work::seal(std::move(job)))).status, Outcome::Status::Accepted);
    run_until([&] { return sink.withdrawn == 1; });
    EXPECT_EQ(sink.withdrawn, 1);
    EXPECT_EQ(sink.jobs.back()->height, 1);
    run_until([&] { return sink.jobs.back()->height == 2; });
    ASSERT_EQ(sink.jobs.back()->height, 2);
    EXPECT_TRUE(sink.jobs.back()->clean);
    EXPECT_EQ(sink.jobs.back()->time, future + 1);  // of two times the median is the later one
}

TEST_F(LocalSourceTest, TheHolderOfTheLockIsNamed) {
    LocalSink sink, second_sink;
    const auto source = make(), second = make();
    start(*source, sink);
    start(*second, second_sink);
    EXPECT_TRUE(second_sink.jobs.empty());
    ASSERT_EQ(second_sink.errors.size(), 1u);
    EXPECT_EQ(second_sink.errors[0].kind, ErrorKind::Storage);
    EXPECT_THAT(second_sink.errors[0].text(), HasSubstr(std::to_string(::getpid())));
}

TEST_F(LocalSourceTest, BadOptionsAreNamed) {
    const auto error = [&](auto change) {
        SourceOptions options;
        options.data_dir = dir.path();
        change(options);
        const auto source = make_local_source({}, options, io.get_executor());
        return source ? "" : source.error().text();
    };
    EXPECT_THAT(error([](SourceOptions& o) { o.peers = {"host:99999"}; }), HasSubstr("peer 'host:99999'"));
    EXPECT_THAT(error([](SourceOptions& o) { o.peers = {"1234"}; }), HasSubstr("no host"));
    EXPECT_THAT(error([](SourceOptions& o) { o.listen = "1.2.3.4:x"; }), HasSubstr("listen on"));
    EXPECT_THAT(error([](SourceOptions& o) { o.coinbase_addr = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"; }),
                HasSubstr("coinbase address"));
}

}  // namespace
}  // namespace lode::source
