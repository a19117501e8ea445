// A source that can be replaced by another while it is mined, without a gap and without losing an answer.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/scope.h"
#include "lode/source.h"
#include "net/timer.h"
#include "source/posted_answers.h"

namespace lode::source {

struct SwitchOptions {
    // How long a source that was replaced stays connected: at least that long for what devices still find for
    // it, at most that long for answers.
    std::chrono::milliseconds stays{1000}, answers_within{10000};
    std::chrono::milliseconds look_every{100};  // for whether the answers have come
};

// The next source connects beside the active one, which is mined until the next one has its first job. The
// former source is then left: it is mined no more, but gets the solutions of its jobs and answers them. A
// next source that gives up is dropped, and the active one stays.
class SwitchSource final : public WorkSource {
 public:
    SwitchSource(std::unique_ptr<WorkSource> first, SwitchOptions options,
                 const boost::asio::any_io_executor& executor);
    ~SwitchSource() override;

    [[nodiscard]] std::string name() const override;  // of the active one
    void start(JobSink& sink) override;
    void submit(const Solution& solution, SubmitCallback callback) override;
    void hashrate(double rate) override;
    void stop() override;

    // Replaces the active source, and one that was to replace it and has no job yet. Not from inside a
    // callback.
    void use(std::unique_ptr<WorkSource> next);

 private:
    class Child;
    using Children = std::vector<std::unique_ptr<Child>>;

    void published(Child& child, JobPtr job);
    void withdrawn(const Child& child);
    void reported(const Child& child, const Event& event);
    void gave_up(Child& child, const Error& error);

    void take_over();
    void look_at_former();
    void discard(std::unique_ptr<Child>& child);

    SwitchOptions options_;
    boost::asio::any_io_executor executor_;
    PostedAnswers answers_;
    net::Timer former_timer_;
    JobSink* sink_ = nullptr;
    std::unique_ptr<Child> active_, next_;
    Children former_, discarded_;
    double hashrate_ = 0;
    base::Scope scope_;
};

}  // namespace lode::source
