// A serialized block for submission: header, transaction count, coinbase, the other transactions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lode/job.h"

namespace lode::work {

// The rest of the block after the coinbase.
struct BlockBody {
    std::vector<std::uint8_t> transactions;  // concatenated, with their witnesses
    std::size_t count = 0;
    bool witness = false;  // the coinbase commits to witnesses and carries its own
};

std::vector<std::uint8_t> assemble_block(const Solution& solution, const BlockBody& body);

}  // namespace lode::work
