#include "source/bench/bench_source.h"

#include "work/roll.h"

namespace lode::source {
namespace {

class BenchSource final : public WorkSource {
 public:
    explicit BenchSource(unsigned share_bits) : share_bits_(share_bits) {}

    std::string name() const override { return "benchmark"; }
    void start(JobSink& sink) override {
        Job job;
        job.id = "benchmark";
        job.version = 0x20000000;
        job.version_mask = 0x1fffe000;
        job.extranonce2_size = 8;
        job.coinbase1 = {'l', 'o', 'd', 'e'};
        job.time = 1'700'000'000;
        job.bits = 0x1d00ffff;
        job.share_target = Uint256::max() >> share_bits_;
        sink.publish(work::seal(std::move(job)));
    }
    void submit(const Solution&, SubmitCallback callback) override {
        callback({Outcome::Status::Accepted, {}});
    }
    void stop() override {}

 private:
    unsigned share_bits_;
};

}  // namespace

std::unique_ptr<WorkSource> make_bench_source(unsigned share_bits) {
    return std::make_unique<BenchSource>(share_bits);
}

}  // namespace lode::source
