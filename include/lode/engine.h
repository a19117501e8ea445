// The engine: takes jobs from a source, has devices search them, verifies what they find and submits it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "lode/device.h"
#include "lode/events.h"
#include "lode/source.h"

namespace lode {

struct EngineOptions {
    std::uint64_t max_blocks = 0;  // stop after this many accepted blocks; 0: never
    std::uint64_t max_shares = 0;  // likewise accepted shares
    std::uint64_t max_pending =
        128;  // hits not yet verified and solutions not yet answered, before devices wait
};

// Runs a task on the io thread, soon, in order; callable from any thread.
using Post = std::function<void(std::function<void()>)>;
// How mining ended: with an error, or because a limit was reached.
using FinishCallback = std::function<void(std::optional<Error>)>;

// Every member is called on the io thread, which also runs every callback. Each device has a thread of its
// own.
class Engine final : public JobSink {
 public:
    // The observer outlives the engine. Devices are opened by start(), each on its own thread.
    Engine(Post post, Observer& observer, std::vector<DeviceEntry> devices, EngineOptions options);
    ~Engine() override;

    // The source outlives the engine or stop(). finish comes at most once; the caller then calls stop().
    void start(WorkSource& source, FinishCallback finish);
    // Devices stop at the end of their present scans; found solutions that were not submitted are dropped.
    void pause_devices();
    // Submissions without an answer.
    [[nodiscard]] std::uint64_t outstanding() const;
    // Joins the device threads. The source is not stopped.
    void stop();

    // Measures and reports event::Hashrate; to be called every few seconds.
    void tick();
    [[nodiscard]] Totals totals() const;

    void publish(JobPtr job) override;
    void withdraw() override;
    void report(const Event& event) override;
    void give_up(const Error& error) override;

 private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace lode
