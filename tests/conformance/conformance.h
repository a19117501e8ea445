// What every kernel and every device must do, whoever made it: the contract of kernels/scan.h as checks.
// Needs no test library, so that it also runs on a bare GPU machine.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "backend/scanner.h"

namespace lode::conformance {

struct Failure {
    std::string check;  // "hit at the range's last nonce"
    std::string text;   // what was expected and what came
};

struct Report {
    unsigned checks = 0;   // comparisons made
    unsigned skipped = 0;  // failures beyond the first few, which are not kept
    std::vector<Failure> failures;

    [[nodiscard]] bool passed() const { return failures.empty(); }
    [[nodiscard]] std::string text() const;  // one line a failure
};

// Half a minute with the portable kernel in a debug build, under a second with others.
Report run(const backend::Scanner& scan);

// What only a device has: the queue, first in first out, misuse answered by errors, destruction at any time.
Report run_queue(const std::function<OpenedDevice()>& open);

}  // namespace lode::conformance
