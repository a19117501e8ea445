#include "work/merkle.h"

#include "crypto/sha256.h"

namespace lode::work {

Hash256 merkle_root(std::vector<Hash256> txids) {
    while (txids.size() > 1) {
        if (txids.size() % 2 != 0) txids.push_back(txids.back());
        for (std::size_t i = 0; i < txids.size() / 2; ++i)
            txids[i] = crypto::sha256d(txids[2 * i].bytes, txids[2 * i + 1].bytes);
        txids.resize(txids.size() / 2);
    }
    return txids.front();
}

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
