// The contract of kernels/scan.h as checks, for every kernel and device. Needs no test library, so that it
// also runs on a GPU machine with only a compiler.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "backend/scanner.h"

namespace lode::conformance {

struct Failure {
    std::string check;  // "hit at the range's last nonce"
    std::string text;   // expected and actual result
};

struct Report {
    unsigned checks = 0;   // comparisons made
    unsigned skipped = 0;  // further failures, not recorded
    std::vector<Failure> failures;

    [[nodiscard]] bool passed() const { return failures.empty(); }
    [[nodiscard]] std::string text() const;  // one line per failure
};

// Half a minute with the portable kernel in a debug build, under a second with others.
Report run(const backend::Scanner& scan);

// Checks for devices only: the FIFO queue, errors for misuse, destruction at any time.
Report run_queue(const std::function<OpenedDevice()>& open);

}  // namespace lode::conformance
