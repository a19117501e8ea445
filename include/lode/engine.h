// The engine: takes jobs from a source, scans them on the devices, verifies the hits and submits them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "lode/device.h"
#include "lode/events.h"
#include "lode/snapshot.h"
#include "lode/source.h"

namespace lode {

struct EngineOptions {
    std::uint64_t max_blocks = 0;  // stop after this many accepted blocks; 0: never
    std::uint64_t max_shares = 0;  // likewise accepted shares
    std::uint64_t max_pending =
        128;  // hits not yet verified plus solutions not yet answered; at this number devices wait
    double best_difficulty_before = 0;  // of earlier sessions' hashes, for Snapshot::best_difficulty_ever
};

// Runs a task on the io thread, soon, in order; callable from any thread.
using Post = std::function<void(std::function<void()>)>;
// How mining ended: with an error, or because a limit was reached.
using FinishCallback = std::function<void(std::optional<Error>)>;

// Each device has a thread of its own. Everything else runs on one thread, the io thread: all members except
// snapshot() are called there, and so are observers and callbacks. For the lifetime of the source see
// lode/source.h.
class Engine final : public JobSink {
 public:
    // Device ids must differ. Devices are opened by start(), each on its own thread. post is called until
    // stop() has returned.
    Engine(Post post, std::vector<DeviceEntry> devices, EngineOptions options = {});
    // The same, with a first observer.
    Engine(Post post, Observer& observer, std::vector<DeviceEntry> devices, EngineOptions options = {});
    ~Engine() override;  // calls stop()

    // Observers receive every event, in the order in which they were added. Each must live until it is
    // removed or the engine is destroyed. They may be added and removed from inside an event: a removed one
    // receives nothing more, an added one receives the next event.
    void add_observer(Observer& observer);
    void remove_observer(Observer& observer);

    // Called once. finish comes at most once, not from inside start(); the caller then calls stop().
    void start(WorkSource& source, FinishCallback finish);
    // Devices stop after their current scans, until resume_devices(). A job that is published meanwhile is
    // mined then; what was found already is still submitted.
    void pause_devices();
    void resume_devices();
    // Submissions without an answer.
    [[nodiscard]] std::uint64_t outstanding() const;
    // Whether a device has scans under way, whose hits are yet to come: for a while after pause_devices().
    [[nodiscard]] bool scanning() const;
    // Ends the device threads; hits that were not yet verified are dropped. The source is not stopped. May be
    // called more than once.
    //
    // A device cannot be interrupted. stop() waits at most 5 s for one that is scanning, at most 0.1 s for
    // one that is being opened (compiled, tuned). After that its thread is abandoned: it uses only what it
    // owns, never touches the engine or calls post again, and ends when the driver returns.
    void stop();
    // A thread was abandoned and may still run inside a driver: end the process by std::quick_exit() or
    // _exit(), since static objects must not be destroyed while it runs.
    [[nodiscard]] bool abandoned() const;

    // Measures the hash rates and reports event::Hashrate; to be called every few seconds. Does nothing after
    // stop().
    void tick();
    [[nodiscard]] Totals totals() const;
    // Any thread, while the engine exists. Holds a lock while it copies.
    [[nodiscard]] Snapshot snapshot() const;

    void publish(JobPtr job) override;
    void take_over(JobPtr job) override;
    void withdraw() override;
    void report(const Event& event) override;
    void give_up(const Error& error) override;

 private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace lode
