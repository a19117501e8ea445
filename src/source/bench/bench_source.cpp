#include "source/bench/bench_source.h"

#include <deque>
#include <utility>

#include <boost/asio/post.hpp>

#include "base/scope.h"
#include "work/roll.h"

namespace lode::source {
namespace {

class BenchSource final : public WorkSource {
 public:
    BenchSource(unsigned share_bits, boost::asio::any_io_executor executor)
        : share_bits_(share_bits), executor_(std::move(executor)) {}
    ~BenchSource() override { end(); }

    std::string name() const override { return "benchmark"; }
    void start(JobSink& sink) override {
        later([this, &sink] { sink.publish(work::seal(job())); });
    }
    void submit(const Solution&, SubmitCallback callback) override {
        unanswered_.push_back(std::move(callback));
        later([this] { answer(Outcome::Status::Accepted); });
    }
    void stop() override { end(); }

 private:
    [[nodiscard]] Job job() const {
        Job job;
        job.id = "benchmark";
        job.version = 0x20000000;
        job.version_mask = 0x1fffe000;
        job.extranonce2_size = 8;
        job.coinbase1 = {'l', 'o', 'd', 'e'};
        job.time = 1'700'000'000;
        job.bits = 0x1d00ffff;
        job.share_target = Uint256::max() >> share_bits_;
        return job;
    }
    void answer(Outcome::Status status) {
        const SubmitCallback callback = std::move(unanswered_.front());
        unanswered_.pop_front();
        callback({status, {}});
    }
    template <typename Task>
    void later(Task task) {
        boost::asio::post(executor_, scope_.guard(std::move(task)));
    }
    void end() {
        scope_.close();
        while (!unanswered_.empty()) answer(Outcome::Status::Unknown);
    }

    unsigned share_bits_;
    boost::asio::any_io_executor executor_;
    std::deque<SubmitCallback> unanswered_;
    base::Scope scope_;
};

}  // namespace

std::unique_ptr<WorkSource> make_bench_source(unsigned share_bits, boost::asio::any_io_executor executor) {
    return std::make_unique<BenchSource>(share_bits, std::move(executor));
}

}  // namespace lode::source
