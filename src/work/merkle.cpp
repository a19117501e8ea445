#include "work/merkle.h"

#include "crypto/sha256.h"

namespace lode::work {

std::vector<Hash256> branch_of_first(const std::vector<Hash256>& others) {
    std::vector<Hash256> branch;
    std::vector<Hash256> level = others;  // the level without its first node
    while (!level.empty()) {
        branch.push_back(level.front());
        if (level.size() % 2 == 0) level.push_back(level.back());  // with the first node the level is odd
        std::vector<Hash256> above;
        for (std::size_t i = 1; i + 1 < level.size(); i += 2)
            above.push_back(crypto::sha256d(level[i].bytes, level[i + 1].bytes));
        level = std::move(above);
    }
    return branch;
}

Hash256 apply_branch(Hash256 first, std::span<const Hash256> branch) {
    for (const Hash256& other : branch) first = crypto::sha256d(first.bytes, other.bytes);
    return first;
}

}  // namespace lode::work
