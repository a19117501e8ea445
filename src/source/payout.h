// Whom a solo block pays, and what its coinbase says.
#pragma once

#include "lode/result.h"
#include "lode/source_options.h"
#include "work/address.h"

namespace lode::source {

// Usage: no address, or none; one of another network than options.network, where that is named; a tag that
// would not fit at some height.
Result<work::Address> payout_address(const SourceOptions& options);

}  // namespace lode::source
