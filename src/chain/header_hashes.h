// Hashes many headers, faster than one by one.
#pragma once

#include <span>
#include <vector>

#include "lode/header.h"

namespace lode::chain {

[[nodiscard]] std::vector<Hash256> hashes_of(std::span<const BlockHeader> headers);

}  // namespace lode::chain
