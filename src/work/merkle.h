// Bitcoin's merkle trees: SHA-256d of pairs, the last one of an odd level paired with itself.
#pragma once

#include <span>
#include <vector>

#include "crypto/merkle.h"
#include "lode/header.h"

namespace lode::work {

using crypto::merkle_root;  // of the whole tree
// The merkle branch of the first leaf, given the other leaves.
std::vector<Hash256> branch_of_first(const std::vector<Hash256>& others);
// The root from the first leaf and its branch.
Hash256 apply_branch(Hash256 first, std::span<const Hash256> branch);

}  // namespace lode::work
