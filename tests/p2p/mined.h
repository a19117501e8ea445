// Headers and chains for the tests of the peers: regtest, where every second hash is a valid proof of work.
#pragma once

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "chain/target.h"
#include "chain/tracker.h"
#include "p2p/tracked_chain.h"

namespace lode::p2p::test {

inline const chain::Network& regtest() {
    return *chain::find_network("regtest");
}

inline constexpr std::int64_t kTime = 1'700'000'000;

// A header on prev with proof of work. salt makes siblings differ.
inline BlockHeader mine(const Hash256& prev, std::uint32_t time, std::uint32_t salt = 0,
                        std::uint32_t bits = 0x207fffff) {
    BlockHeader h;
    h.version = 0x20000000;
    h.prev = prev;
    h.merkle_root.bytes[0] = static_cast<std::uint8_t>(salt);
    h.merkle_root.bytes[1] = static_cast<std::uint8_t>(salt >> 8);
    h.time = time;
    h.bits = bits;
    const Uint256 target = *chain::target_of(h.bits);
    while (h.hash().number() > target) ++h.nonce;
    return h;
}

// Times increase by one second per block.
inline std::vector<BlockHeader> branch(const Hash256& from, std::size_t count, std::uint32_t salt = 0,
                                       std::int64_t time = kTime - 100'000) {
    std::vector<BlockHeader> headers;
    Hash256 prev = from;
    for (std::size_t i = 0; i < count; ++i) {
        headers.push_back(mine(prev, static_cast<std::uint32_t>(time + static_cast<std::int64_t>(i)), salt));
        prev = headers.back().hash();
    }
    return headers;
}

// A chain with its own tracker that records calls. With whole blocks, a block is its header and some zeros.
struct Toy : private std::unique_ptr<chain::ChainTracker>, public TrackedChain {
    explicit Toy(bool with_blocks = false, const chain::Network& network = regtest())
        : std::unique_ptr<chain::ChainTracker>(std::make_unique<chain::ChainTracker>(network)),
          TrackedChain(**this,
                       {[this] {
                            if (full) return std::optional(Error{ErrorKind::Storage, "disk full", {}, {}});
                            kept = size() - 1;
                            return std::optional<Error>();
                        },
                        {}},
                       [this](const TipMove& move) { moves.push_back(move); }),
          blocks_too(with_blocks) {}

    void grow(const std::vector<BlockHeader>& headers) {
        for (const auto& h : headers) add_one(h, kTime);
    }
    Answer add_one(const BlockHeader& header, std::int64_t time) {
        const Hash256 hash = header.hash();
        return add_headers({&header, 1}, {&hash, 1}, time);
    }
    [[nodiscard]] bool has_blocks() const override { return blocks_too; }
    [[nodiscard]] std::optional<Bytes> block(const Hash256& hash) const override {
        ++blocks_read;
        const auto i = tracker().find(hash);
        if (!blocks_too || !i) return std::nullopt;
        const auto raw = tracker().header(*i).serialize();
        Bytes block(raw.begin(), raw.end());
        block.resize(block.size() + block_padding);
        return block;
    }
    [[nodiscard]] std::vector<BlockHeader> after(std::span<const Hash256> locator, const Hash256& stop,
                                                 std::size_t max) const override {
        auto headers = TrackedChain::after(locator, stop, max);
        headers_read += headers.size();
        return headers;
    }
    Answer add_block(std::span<const std::uint8_t> raw, std::int64_t time) override {
        if (hash_of(raw) == poison) return {Status::Invalid, "bad-cb-amount"};
        const auto header = BlockHeader::parse(raw.first<kHeaderSize>());
        return add_one(header, time);
    }
    static Hash256 hash_of(std::span<const std::uint8_t> raw) {
        return BlockHeader::parse(raw.first<kHeaderSize>()).hash();
    }
    [[nodiscard]] Hash256 tip_hash() const { return tracker().hash(tracker().tip()); }
    [[nodiscard]] std::size_t size() const { return tracker().size(); }

    bool blocks_too;
    std::size_t block_padding = 1;         // bytes of a block after its header
    mutable std::size_t blocks_read = 0;   // attempts
    mutable std::size_t headers_read = 0;  // for peers
    Hash256 poison;                        // this block is reported invalid
    bool full = false;                     // new headers cannot be stored
    std::size_t kept = 0;
    std::vector<TipMove> moves;
};

}  // namespace lode::p2p::test
