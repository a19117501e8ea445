// What events add to a snapshot: answers by source, their latency, the last shares, blocks of the chain.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "lode/events.h"
#include "lode/snapshot.h"
#include "status/chain_record.h"
#include "status/history.h"

namespace lode::status {

// Latency of answers as a Prometheus histogram.
struct LatencyHistogram {
    // Upper bounds in seconds; the last bucket has none.
    static constexpr std::array kBounds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0};
    std::array<std::uint64_t, kBounds.size() + 1> counts{};  // each answer in one bucket
    double sum = 0;                                          // seconds
    void add(std::chrono::milliseconds latency);
};

struct ShareEntry {
    std::chrono::system_clock::time_point time;
    double difficulty = 0;  // of the hash
    double target = 0;      // the share target's
    Outcome outcome;
    std::chrono::milliseconds latency{};
    std::string device;
    bool block = false;
};

// Not thread-safe. All that it keeps is bounded.
class Record {
 public:
    using Clock = std::chrono::system_clock;
    static constexpr std::size_t kMaxShares = 1000;
    static constexpr std::size_t kMaxSources = 16;  // those that come later count as "other"

    struct ByResult {
        std::uint64_t accepted = 0, rejected = 0, stale = 0, unknown = 0;
    };

    // Events in order, each with its time.
    void happened(const Event& event, Clock::time_point when);
    // Every second or more often. Shares answered since the last snapshot go to the source now in use.
    void sample(const Snapshot& snapshot);

    [[nodiscard]] const std::map<std::string, ByResult>& shares_by_source() const { return shares_; }
    [[nodiscard]] const std::map<std::string, ByResult>& blocks_by_source() const { return blocks_; }
    [[nodiscard]] const std::map<std::string, std::uint64_t>& judgements() const { return judgements_; }
    [[nodiscard]] const LatencyHistogram& latency() const { return latency_; }
    [[nodiscard]] const std::deque<ShareEntry>& shares() const { return last_shares_; }  // oldest first
    [[nodiscard]] std::optional<Clock::time_point> last_accepted() const { return last_accepted_; }
    [[nodiscard]] const ChainRecord& chain() const { return chain_; }
    [[nodiscard]] const History& history() const { return history_; }
    // Hashes per second that the device measured when it was opened; 0: not measured.
    [[nodiscard]] double expected_rate(const std::string& device) const;
    [[nodiscard]] double expected_rate() const;  // of all devices

 private:
    void note(const event::BlockResult& e, Clock::time_point when);
    void note(const event::ShareResult& e, Clock::time_point when);
    void note(const event::JobReceived& e, Clock::time_point when);
    void note(const event::SourceSwitched& e, Clock::time_point when);
    void note(const event::Judgement& e, Clock::time_point when);
    void note(const event::Retarget& e, Clock::time_point when);
    void note(const event::Reorganisation& e, Clock::time_point when);
    void note(const event::DeviceOpened& e, Clock::time_point when);
    template <typename Other>
    void note(const Other&, Clock::time_point) {}
    void answered(const Solution& solution, const Outcome& outcome, std::chrono::milliseconds latency,
                  Clock::time_point when);

    std::string source_;  // in use
    std::map<std::string, ByResult> shares_, blocks_;
    ShareCounts last_counts_;
    std::map<std::string, std::uint64_t> judgements_;
    std::map<std::string, double> expected_;
    LatencyHistogram latency_;
    std::deque<ShareEntry> last_shares_;
    std::optional<Clock::time_point> last_accepted_;
    std::uint64_t solo_accepted_ = 0, solo_refused_ = 0;
    ChainRecord chain_;
    History history_;
};

}  // namespace lode::status
