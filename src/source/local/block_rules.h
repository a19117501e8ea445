// What a block of the local chain must keep besides its header: the rules of Bitcoin, as far as a block with
// nothing but a coinbase can break them.
#pragma once

#include <optional>

#include "chain/block.h"
#include "chain/network.h"
#include "lode/error.h"

namespace lode::source {

// Nothing when all is well. The names of rules are those of Bitcoin Core.
std::optional<Error> check_local_block(const chain::BlockView& block, const chain::Network& network,
                                       std::int64_t height);

}  // namespace lode::source
