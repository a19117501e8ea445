// Small chains, generated in the test: regtest takes two hashes per block.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chain/tracker.h"

namespace lode::test {

inline const chain::Network& regtest() {
    return *chain::find_network("regtest");
}

// A header after tip that meets every rule, except possibly those of time; salt makes siblings differ.
BlockHeader mine_after(const chain::ChainTracker& tracker, chain::Index parent, std::uint32_t time,
                       std::uint8_t salt = 0);
// Searches for the nonce of a header that is otherwise complete.
BlockHeader with_work(BlockHeader header);
// count headers on regtest after genesis, a minute apart.
std::vector<BlockHeader> regtest_headers(std::size_t count, std::uint8_t salt = 0);

// A block with only a coinbase paying value; sets the header's merkle root and nonce.
std::vector<std::uint8_t> coinbase_block(BlockHeader header, std::uint8_t height,
                                         std::uint64_t value = 5'000'000'000);

// A temporary directory.
class TemporaryDir {
 public:
    TemporaryDir();
    ~TemporaryDir();
    TemporaryDir(const TemporaryDir&) = delete;
    TemporaryDir& operator=(const TemporaryDir&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

 private:
    std::string path_;
};

std::vector<std::uint8_t> read_bytes(const std::string& path);
void write_bytes(const std::string& path, const std::vector<std::uint8_t>& bytes);

}  // namespace lode::test
