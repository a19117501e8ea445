// One device's scans: planned, in flight, split if the hit buffer overflowed.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "engine/batch_size.h"
#include "engine/device_loop.h"
#include "engine/work_board.h"
#include "lode/cuts_short.h"
#include "lode/device.h"

namespace lode::engine {

// Used on the device's thread. Scans keep their job, so a new job does not affect scans in flight.
class ScanQueue {
 public:
    explicit ScanQueue(Device& device)
        : device_(device), cuts_short_(dynamic_cast<CutsShort*>(&device)), size_(device.info()) {}

    // Enqueues until the device has enough in flight. False: the job is exhausted and nothing is in flight.
    Result<bool> fill(const WorkBoard::Posted& posted);
    // Waits for the oldest scan. No hits if it overflowed; its halves are then scanned again.
    Result<FoundHits> collect();
    [[nodiscard]] bool idle() const { return in_flight_.empty(); }
    // Hashes of the scans collected since the last call.
    std::uint64_t take_hashes();

 private:
    struct Scan {
        WorkBoard::Posted work;
        std::shared_ptr<const ScanInput> input;  // variants base to base + input->variants of the roll
        std::uint32_t base = 0;
        std::uint64_t roll = 0;
        std::uint32_t first = 0;
        std::uint64_t count = 0;
        std::chrono::steady_clock::time_point enqueued{};
    };

    bool plan(const WorkBoard::Posted& posted);
    void prepare(const WorkBoard::Posted& posted, std::uint64_t roll);

    Device& device_;
    CutsShort* cuts_short_;  // the same one; null: it scans to the end
    BatchSize size_;
    std::deque<Scan> planned_, in_flight_;
    std::chrono::steady_clock::time_point last_collected_{};
    std::uint64_t hashes_ = 0;

    // Inputs of the current roll, one for each group of as many variants as the device prefers.
    std::uint64_t prepared_generation_ = 0, prepared_roll_ = 0;
    std::vector<std::shared_ptr<const ScanInput>> inputs_;
};

}  // namespace lode::engine
