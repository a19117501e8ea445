// Block rules of the local chain besides those of headers: Bitcoin's, as far as they apply to a block with
// only a coinbase.
#pragma once

#include <optional>

#include "chain/block.h"
#include "chain/network.h"
#include "lode/error.h"

namespace lode::p2p {

// nullopt if the block is valid. The names of rules are Bitcoin Core's.
std::optional<Error> check_local_block(const chain::BlockView& block, const chain::Network& network,
                                       std::int64_t height);

}  // namespace lode::p2p
