// Known answers that every kernel and device must give before it is used: a fast and wrong one would mine
// nothing and say nothing.
#pragma once

#include <optional>

#include "backend/scanner.h"
#include "lode/error.h"

namespace lode::backend {

// A few thousand hashes. The error says which answer was wrong.
std::optional<Error> self_test(const Scanner& scan);

}  // namespace lode::backend
