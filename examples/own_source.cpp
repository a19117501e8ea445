// A custom work source: one made-up job with an easy target, whose shares are all accepted.
#include <cstdio>
#include <utility>
#include <vector>

#include <lode/devices.h>
#include <lode/engine.h>
#include <lode/loop.h>
#include <lode/seal.h>
#include <lode/source.h>

class OwnSource final : public lode::WorkSource {
 public:
    explicit OwnSource(lode::Loop& loop) : loop_(loop) {}
    ~OwnSource() override { stop(); }

    [[nodiscard]] std::string name() const override { return "made up"; }

    // No callback may be made from inside start() or submit(), so both only post.
    void start(lode::JobSink& sink) override {
        sink_ = &sink;
        publish_.after({}, [this] { sink_->publish(lode::seal(job())); });
    }
    void submit(const lode::Solution& solution, lode::SubmitCallback callback) override {
        std::printf("share %s\n", solution.hash.hex().c_str());
        unanswered_.push_back(std::move(callback));
        answer_.after({}, [this] { answer(lode::Outcome::Status::Accepted); });
    }
    // Answers outstanding submissions; a cancelled Timer does not run its task.
    void stop() override {
        publish_.cancel();
        answer_.cancel();
        answer(lode::Outcome::Status::Unknown);
    }

 private:
    static lode::Job job() {
        lode::Job job;
        job.id = "1";
        job.version = 0x20000000;
        job.version_mask = 0x1fffe000;  // BIP 320
        job.time = 1'700'000'000;
        job.bits = 0x1d00ffff;
        job.coinbase1 = {0x01};  // bytes before the extranonce; a real one is a whole transaction
        job.extranonce2_size = 4;
        job.share_target = lode::Uint256::max() >> 22;  // one hash in four million
        job.difficulty = 1.0 / 1024;
        return job;
    }
    void answer(lode::Outcome::Status status) {
        for (const auto& callback : std::exchange(unanswered_, {})) callback({status, {}});
    }

    lode::Loop& loop_;
    lode::Timer publish_{loop_}, answer_{loop_};
    lode::JobSink* sink_ = nullptr;
    std::vector<lode::SubmitCallback> unanswered_;
};

struct Silent : lode::Observer {
    void on(const lode::Event&) override {}
};

int main() {
    lode::Loop loop;
    OwnSource source(loop);
    auto devices = lode::select_devices("cpu");
    if (!devices) return 1;
    Silent silent;
    lode::Engine engine(loop.poster(), silent, std::move(*devices), {.max_shares = 5});
    engine.start(source, [&](const std::optional<lode::Error>&) { loop.stop(); });
    loop.run();
    source.stop();
    engine.stop();
    std::printf("%llu shares accepted\n", static_cast<unsigned long long>(engine.totals().shares_accepted));
    return engine.totals().shares_accepted >= 5 ? 0 : 1;
}
