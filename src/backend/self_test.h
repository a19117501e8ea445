// Known-answer tests that every kernel and device must pass before it is used: a wrong one would silently
// find nothing.
#pragma once

#include "backend/scanner.h"

namespace lode::backend {

// A few thousand hashes. The error says which answer was wrong.
Result<void> self_test(const Scanner& scan);

}  // namespace lode::backend
