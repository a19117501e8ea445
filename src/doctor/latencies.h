// How soon answers come.
#pragma once

#include <chrono>
#include <vector>

#include "doctor/report.h"

namespace lode::doctor {

class Latencies {
 public:
    void add(std::chrono::steady_clock::duration took) { all_.push_back(took); }
    // Nothing where no answer came.
    void conclude(Report& report);

 private:
    std::vector<std::chrono::steady_clock::duration> all_;
};

}  // namespace lode::doctor
