// Hash rates and answers over the last hour, day and month, in bounded memory.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lode/snapshot.h"

namespace lode::status {

struct HistoryPoint {
    double time = 0;                          // of its end, seconds since 1970
    double rate = 0;                          // mean hashes a second since the point before
    std::vector<float> devices;               // the same by device
    std::uint32_t accepted = 0, refused = 0;  // blocks and shares since then; refused: rejected or stale
    float latency_ms = 0;                     // of the last answer; 0: none yet
};

// One window: a ring of points.
class HistoryWindow {
 public:
    HistoryWindow(std::string_view name, std::chrono::seconds interval, std::size_t capacity)
        : name_(name), interval_(interval), capacity_(capacity) {}

    // A point is added once the interval is over. The snapshots of one session, in order.
    void sample(const Snapshot& now, std::uint64_t accepted, std::uint64_t refused);

    [[nodiscard]] std::string_view name() const { return name_; }
    [[nodiscard]] std::chrono::seconds interval() const { return interval_; }
    [[nodiscard]] const std::deque<HistoryPoint>& points() const { return points_; }

 private:
    struct Totals {
        std::chrono::milliseconds uptime{};
        std::uint64_t hashes = 0, accepted = 0, refused = 0;
        std::vector<std::uint64_t> devices;
    };
    std::string_view name_;
    std::chrono::seconds interval_;
    std::size_t capacity_;
    std::deque<HistoryPoint> points_;
    std::optional<Totals> last_;
};

// Not thread-safe. 3,600 points of 48 bytes and 4 a device: about 300 KB for 8 devices.
class History {
 public:
    static constexpr std::size_t kMaxDevices = 64;  // those beyond count in the total only

    void sample(const Snapshot& now, std::uint64_t accepted, std::uint64_t refused);
    [[nodiscard]] const HistoryWindow* find(std::string_view name) const;  // null: there is none
    [[nodiscard]] const std::vector<std::string>& devices() const { return devices_; }

 private:
    std::array<HistoryWindow, 3> windows_{
        HistoryWindow("1h", std::chrono::seconds(5), 720),
        HistoryWindow("1d", std::chrono::seconds(60), 1440),
        HistoryWindow("30d", std::chrono::seconds(1800), 1440),
    };
    std::vector<std::string> devices_;
};

}  // namespace lode::status
