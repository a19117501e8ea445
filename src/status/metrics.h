// The metrics for Prometheus. Labels are bounded: devices, configured sources, results, verdicts.
#pragma once

#include <string>

#include "status/metrics_text.h"
#include "status/state.h"

namespace lode::status {

std::string metrics(const State& state, MetricsText::Format format);

}  // namespace lode::status
