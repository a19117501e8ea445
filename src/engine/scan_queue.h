// One device's scans: planned, in flight, split where the hit buffer overflowed.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <variant>

#include "engine/batch_size.h"
#include "engine/device_runner.h"
#include "engine/work_board.h"
#include "lode/device.h"

namespace lode::engine {

// Lives on the runner's thread. Scans hold their job, so that a new one changes nothing of what is in flight.
class ScanQueue {
 public:
    explicit ScanQueue(Device& device) : device_(device), size_(device.info()) {}

    // Enqueues until the device has enough in flight. False: the job has nothing left and nothing is in
    // flight.
    std::variant<bool, Error> fill(const WorkBoard::Posted& posted);
    // Waits for the oldest scan. No hits where it overflowed; its halves are then scanned again.
    std::variant<FoundHits, Error> collect();
    [[nodiscard]] bool idle() const { return flying_.empty(); }
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
    BatchSize size_;
    std::deque<Scan> planned_, flying_;
    std::chrono::steady_clock::time_point last_collected_{};
    std::uint64_t hashes_ = 0;

    // The present roll's inputs, one for each group of variants that the device likes.
    std::uint64_t prepared_generation_ = 0, prepared_roll_ = 0;
    std::vector<std::shared_ptr<const ScanInput>> inputs_;
};

}  // namespace lode::engine
