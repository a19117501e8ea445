#include "crypto/merkle.h"

#include "crypto/sha256.h"

namespace lode::crypto {

Hash256 merkle_root(std::vector<Hash256> txids) {
    while (txids.size() > 1) {
        if (txids.size() % 2 != 0) txids.push_back(txids.back());
        for (std::size_t i = 0; i < txids.size() / 2; ++i)
            txids[i] = sha256d(txids[2 * i].bytes, txids[2 * i + 1].bytes);
        txids.resize(txids.size() / 2);
    }
    return txids.front();
}

}  // namespace lode::crypto
