#include "p2p/block_rules.h"

#include <algorithm>

#include <fmt/core.h>

#include "util/hex.h"
#include "work/coinbase.h"

namespace lode::p2p {

std::optional<Error> check_local_block(const chain::BlockView& block, const chain::Network& network,
                                       std::int64_t height) {
    const auto bad = [&](std::string what, std::string expected) {
        return Error{ErrorKind::Malformed, std::move(what),
                     fmt::format("block {} at height {}", block.hash.hex(), height), std::move(expected)};
    };
    // There are no witnesses, so a byte has weight four (BIP 141).
    if (4 * block.size > chain::kMaxBlockSize)
        return bad(fmt::format("bad-blk-length: {} bytes", block.size),
                   fmt::format("at most {}", chain::kMaxBlockSize / 4));
    if (block.txids.size() != 1)
        return bad(fmt::format("{} transactions", block.txids.size()),
                   "the coinbase alone: this chain has no others");
    if (block.merkle_root != block.header.merkle_root)
        return bad("bad-txnmrklroot: " + block.header.merkle_root.hex(), block.merkle_root.hex());
    if (!block.coinbase_shape) return bad("bad-cb-missing", "one input that spends nothing");
    const auto& script = block.coinbase_script;
    if (script.size() < 2 || script.size() > work::kMaxCoinbaseScript)
        return bad(fmt::format("bad-cb-length: {} bytes", script.size()),
                   fmt::format("2 to {}", work::kMaxCoinbaseScript));
    const auto push = work::height_push(height);
    if (script.size() < push.size() || !std::equal(push.begin(), push.end(), script.begin()))
        return bad("bad-cb-height: the script begins " +
                       util::to_hex(std::span(script).first(std::min(script.size(), push.size()))),
                   util::to_hex(push));
    if (block.coinbase_value > network.subsidy(height))
        return bad(fmt::format("bad-cb-amount: {}", block.coinbase_value),
                   fmt::format("at most {}", network.subsidy(height)));
    return std::nullopt;
}

}  // namespace lode::p2p
