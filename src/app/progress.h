// Progress of a long task: a bar on a terminal, nothing elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace lode::app {

class Progress {
 public:
    // unit: "headers". quiet: never draw.
    Progress(std::string title, std::string unit, bool quiet);
    ~Progress();  // erases the bar
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    // fraction: 0 to 1; count: units so far. Cheap: draws at most ten times per second.
    void update(double fraction, std::uint64_t count);
    [[nodiscard]] double seconds() const;  // since the start

 private:
    using Clock = std::chrono::steady_clock;
    std::string title_, unit_;
    bool draws_;
    Clock::time_point start_ = Clock::now(), drawn_;
    bool drawn_once_ = false;
};

}  // namespace lode::app
