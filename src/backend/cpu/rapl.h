// Power of the CPU from Linux's power capping framework, which calls Intel's and AMD's energy counters
// intel-rapl. Source: kernel documentation, power/powercap/powercap.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace lode::backend::cpu {

// Not thread-safe.
class Rapl {
 public:
    using Clock = std::chrono::steady_clock;

    // Null where this machine has no counter or this process may not read it; refused is called with the file
    // in the latter case: since Linux 5.10 only root may read it.
    static std::unique_ptr<Rapl> open(const std::function<void(const std::filesystem::path&)>& refused,
                                      const std::filesystem::path& powercap = "/sys/class/powercap");

    // Mean power of all packages in watts since the last call: of the whole machine's work, not of lode's
    // alone. Absent at the first call and when the last was over a minute ago, as a counter may have wrapped
    // more than once (262 kJ on many CPUs).
    [[nodiscard]] std::optional<double> watts(Clock::time_point now = Clock::now());

 private:
    struct Package {
        std::filesystem::path counter;  // energy_uj
        std::uint64_t range = 0;        // microjoules, at which it wraps
        std::uint64_t last = 0;
    };
    explicit Rapl(std::vector<Package> packages) : packages_(std::move(packages)) {}

    std::vector<Package> packages_;
    std::optional<Clock::time_point> last_;  // absent: no valid reading yet
};

}  // namespace lode::backend::cpu
