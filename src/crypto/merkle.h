// Bitcoin's merkle trees: SHA-256d of pairs, the last one of an odd level paired with itself.
#pragma once

#include <vector>

#include "lode/header.h"

namespace lode::crypto {

// Root of the whole tree; txids in internal order, at least one.
Hash256 merkle_root(std::vector<Hash256> txids);

}  // namespace lode::crypto
