// Headers and chains for the tests of the peers: regtest, where any second hash will do.
#pragma once

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "chain/p2p/tracked_chain.h"
#include "chain/target.h"
#include "chain/tracker.h"

namespace lode::p2p::test {

inline const chain::Network& regtest() {
    return *chain::find_network("regtest");
}

inline constexpr std::int64_t kTime = 1'700'000'000;

// A header on top of prev that has its proof of work. salt makes siblings different.
inline BlockHeader mine(const Hash256& prev, std::uint32_t time, std::uint32_t salt = 0) {
    BlockHeader h;
    h.version = 0x20000000;
    h.prev = prev;
    h.merkle_root.bytes[0] = static_cast<std::uint8_t>(salt);
    h.merkle_root.bytes[1] = static_cast<std::uint8_t>(salt >> 8);
    h.time = time;
    h.bits = 0x207fffff;
    const Uint256 target = *chain::target_of(h.bits);
    while (h.hash().number() > target) ++h.nonce;
    return h;
}

// Times rise by a second a block.
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

// A chain with a tracker of its own that remembers what it was told. With whole blocks, a block is its header
// and one byte.
struct Toy : private std::unique_ptr<chain::ChainTracker>, public TrackedChain {
    explicit Toy(bool with_blocks = false)
        : std::unique_ptr<chain::ChainTracker>(std::make_unique<chain::ChainTracker>(regtest())),
          TrackedChain(
              **this,
              [this] {
                  if (full) return std::optional(Error{ErrorKind::Storage, "no room", {}, {}});
                  kept = size() - 1;
                  return std::optional<Error>();
              },
              [this](const TipMove& move) { moves.push_back(move); }),
          blocks_too(with_blocks) {}

    void grow(const std::vector<BlockHeader>& headers) {
        for (const auto& h : headers) add_headers(std::span(&h, 1), kTime);
    }
    [[nodiscard]] bool has_blocks() const override { return blocks_too; }
    [[nodiscard]] std::optional<Bytes> block(const Hash256& hash) const override {
        const auto i = tracker().find(hash);
        if (!blocks_too || !i) return std::nullopt;
        const auto raw = tracker().header(*i).serialize();
        Bytes block(raw.begin(), raw.end());
        block.push_back(0);
        return block;
    }
    Answer add_block(std::span<const std::uint8_t> raw, std::int64_t time) override {
        if (hash_of(raw) == poison) return {Status::Invalid, "bad-cb-amount"};
        const auto header = BlockHeader::parse(raw.first<kHeaderSize>());
        return add_headers(std::span(&header, 1), time);
    }
    static Hash256 hash_of(std::span<const std::uint8_t> raw) {
        return BlockHeader::parse(raw.first<kHeaderSize>()).hash();
    }
    [[nodiscard]] Hash256 tip_hash() const { return tracker().hash(tracker().tip()); }
    [[nodiscard]] std::size_t size() const { return tracker().size(); }

    bool blocks_too;
    Hash256 poison;     // this block is found bad
    bool full = false;  // what is new cannot be kept
    std::size_t kept = 0;
    std::vector<TipMove> moves;
};

}  // namespace lode::p2p::test
