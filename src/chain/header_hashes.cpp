#include "chain/header_hashes.h"

#include "crypto/hash_headers.h"

namespace lode::chain {

std::vector<Hash256> hashes_of(std::span<const BlockHeader> headers) {
    std::vector<std::uint8_t> bytes;
    bytes.reserve(headers.size() * kHeaderSize);
    for (const BlockHeader& header : headers) {
        const auto raw = header.serialize();
        bytes.insert(bytes.end(), raw.begin(), raw.end());
    }
    std::vector<Hash256> hashes(headers.size());
    crypto::hash_headers(bytes, kHeaderSize, hashes);
    return hashes;
}

}  // namespace lode::chain
