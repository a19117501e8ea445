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

struct Sink : JobSink {
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
                if (verified.verdict == work::Verdict::Block) return verified.solution;
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
    Outcome submit(WorkSource& source, const Solution& solution) {
        Outcome outcome;
        source.submit(solution, [&](const Outcome& o) { outcome = o; });
        return outcome;
    }
    template <typename Done>
    void run_until(Done done) {
        for (int i = 0; i < 100 && !done(); ++i) {
            io.restart();
            io.run_for(100ms);
        }
    }
    test::TemporaryDir dir;
    boost::asio::io_context io;
};

TEST_F(LocalSourceTest, MinesAndGoesOnWhereItWas) {
    Hash256 found;
    {
        Sink sink;
        const auto source = make();
        source->start(sink);
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
        // yet.
        EXPECT_EQ(sink.jobs.size() + static_cast<std::size_t>(sink.withdrawn), 2u);
        run_until([&] { return sink.jobs.size() == 2; });
        ASSERT_EQ(sink.jobs.size(), 2u);
        EXPECT_EQ(sink.jobs[1]->prev, found);
        EXPECT_EQ(sink.jobs[1]->height, 2);

        auto forged = solution;
        ++forged.header.nonce;
        const auto outcome = submit(*source, forged);
        EXPECT_EQ(outcome.status, Outcome::Status::Rejected);
        EXPECT_THAT(outcome.reason, HasSubstr("high-hash"));
        source->stop();
        EXPECT_EQ(submit(*source, solution).status, Outcome::Status::Unknown);
    }
    Sink sink;
    const auto source = make();
    source->start(sink);
    ASSERT_EQ(sink.jobs.size(), 1u);
    EXPECT_EQ(sink.jobs[0]->prev, found);
}

TEST_F(LocalSourceTest, HeaderTimeIsRenewed) {
    Sink sink;
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
    Sink sink;
    const auto source = make();
    source->start(sink);
    Job job = *sink.jobs.back();
    const std::uint32_t future = job.time += 3;
    EXPECT_EQ(submit(*source, solve(work::seal(std::move(job)))).status, Outcome::Status::Accepted);
    EXPECT_EQ(sink.withdrawn, 1);
    EXPECT_EQ(sink.jobs.size(), 1u);
    run_until([&] { return sink.jobs.size() == 2; });
    ASSERT_EQ(sink.jobs.size(), 2u);
    EXPECT_EQ(sink.jobs.back()->height, 2);
    EXPECT_TRUE(sink.jobs.back()->clean);
    EXPECT_EQ(sink.jobs.back()->time, future + 1);  // of two times the median is the later one
}

TEST_F(LocalSourceTest, TheSecondOnOneDirectoryIsToldWhoHasIt) {
    Sink sink, second_sink;
    const auto source = make(), second = make();
    source->start(sink);
    second->start(second_sink);
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
    EXPECT_THAT(error([](SourceOptions& o) { o.peers = {"host:99999"}; }), HasSubstr("--peer"));
    EXPECT_THAT(error([](SourceOptions& o) { o.peers = {"1234"}; }), HasSubstr("no host"));
    EXPECT_THAT(error([](SourceOptions& o) { o.listen = "1.2.3.4:x"; }), HasSubstr("--listen"));
    EXPECT_THAT(error([](SourceOptions& o) { o.coinbase_addr = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"; }),
                HasSubstr("--coinbase-addr"));
}

}  // namespace
}  // namespace lode::source
