#include "support/small_chain.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "chain/target.h"
#include "crypto/sha256.h"

namespace lode::test {

BlockHeader with_work(BlockHeader header) {
    const auto target = chain::target_of(header.bits);
    if (!target) throw std::runtime_error("no such target");
    while (header.hash().number() > *target) ++header.nonce;
    return header;
}

BlockHeader mine_after(const chain::ChainTracker& tracker, chain::Index parent, std::uint32_t time,
                       std::uint8_t salt) {
    BlockHeader header;
    header.version = 0x20000000;
    header.prev = tracker.hash(parent);
    header.merkle_root.bytes[0] = salt;
    header.time = time;
    header.bits = tracker.next_bits(parent, time).value();
    return with_work(header);
}

std::vector<BlockHeader> regtest_headers(std::size_t count, std::uint8_t salt) {
    chain::ChainTracker tracker(*chain::find_network("regtest"));
    std::vector<BlockHeader> headers;
    while (headers.size() < count) {
        const chain::Index tip = tracker.tip();
        headers.push_back(mine_after(tracker, tip, tracker[tip].time + 60, salt));
        if (!tracker.accept(headers.back(), chain::kAnyTime)) throw std::runtime_error("refused");
    }
    return headers;
}

std::vector<std::uint8_t> coinbase_block(BlockHeader header, std::uint8_t height, std::uint64_t value) {
    std::vector<std::uint8_t> coinbase = {1, 0, 0, 0, 1};  // version 1, one input
    coinbase.insert(coinbase.end(), 32, 0);                // of nothing
    coinbase.insert(coinbase.end(), {0xff, 0xff, 0xff, 0xff, 2, 1, height, 0xff, 0xff, 0xff, 0xff, 1});
    for (unsigned i = 0; i < 8; ++i) coinbase.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    coinbase.insert(coinbase.end(), {1, 0x51, 0, 0, 0, 0});  // OP_TRUE, lock time
    header.merkle_root = crypto::sha256d(coinbase);
    const auto raw = with_work(header).serialize();
    std::vector<std::uint8_t> block(raw.begin(), raw.end());
    block.push_back(1);
    block.insert(block.end(), coinbase.begin(), coinbase.end());
    return block;
}

TemporaryDir::TemporaryDir() {
    std::string name = (std::filesystem::temp_directory_path() / "lode-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = name;
}

TemporaryDir::~TemporaryDir() {
    std::error_code code;
    std::filesystem::remove_all(path_, code);
}

std::vector<std::uint8_t> read_bytes(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write_bytes(const std::string& path, const std::vector<std::uint8_t>& bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace lode::test
