// Small chains made on the spot: regtest costs two hashes a block.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chain/tracker.h"

namespace lode::test {

// A header after tip that keeps every rule, time permitting; salt makes siblings differ.
BlockHeader mine_after(const chain::ChainTracker& tracker, chain::Index parent, std::uint32_t time,
                       std::uint8_t salt = 0);
// Searches the nonce of a header that is otherwise complete.
BlockHeader with_work(BlockHeader header);
// count headers on regtest after genesis, a minute apart.
std::vector<BlockHeader> regtest_headers(std::size_t count, std::uint8_t salt = 0);

// A block of nothing but a coinbase paying value; the header gets its merkle root and its work.
std::vector<std::uint8_t> coinbase_block(BlockHeader header, std::uint8_t height,
                                         std::uint64_t value = 5'000'000'000);

// A directory that is gone at the end of the test.
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
