#include "p2p/local_chain.h"

#include <fmt/core.h>

#include "p2p/block_rules.h"

namespace lode::p2p {

using chain::BlockStore;
using chain::HeaderStore;
using chain::NetworkDir;

Result<std::unique_ptr<LocalChain>> LocalChain::open(const std::string& data_dir,
                                                     const chain::Network& network, Moved moved) {
    auto dir = NetworkDir::lock(data_dir, network, "mining");
    if (!dir) return tl::unexpected(dir.error());
    auto headers = HeaderStore::open(*dir);
    if (!headers) return tl::unexpected(headers.error());
    auto blocks = BlockStore::open(*dir);
    if (!blocks) return tl::unexpected(blocks.error());
    auto tracker = headers->take_tracker();
    auto stores = std::make_unique<Stores>(
        Stores{std::move(*dir), std::move(*headers), std::move(*blocks), std::move(tracker)});
    auto chain = std::unique_ptr<LocalChain>(new LocalChain(std::move(stores), std::move(moved)));
    chain->catch_up();
    return chain;
}

// The base refers to objects owned by the stores, whose addresses do not change.
LocalChain::LocalChain(std::unique_ptr<Stores> stores, Moved moved)
    : TrackedChain(stores->tracker,
                   {[s = stores.get()] { return s->headers.write(s->tracker); },
                    [s = stores.get()] {
                        auto error = s->blocks.sync();
                        return error ? error : s->headers.sync();
                    }},
                   std::move(moved)),
      stores_(std::move(stores)) {}

// A process killed between the two writes leaves a block without its header; corruption or a power cut before
// the sync, a header without its block: that block remains in the chain, but cannot be sent to peers.
void LocalChain::catch_up() {
    remarks_ = stores_->headers.remarks();
    const auto& of_blocks = stores_->blocks.remarks();
    remarks_.insert(remarks_.end(), of_blocks.begin(), of_blocks.end());
    for (const auto& hash : stores_->blocks.order()) {
        if (tracker().find(hash)) continue;
        const auto raw = stores_->blocks.read(hash);
        if (raw && *raw) add_block(**raw, chain::kAnyTime);
    }
    std::size_t missing = 0;
    for (chain::Index i = 1; i < tracker().size(); ++i)
        missing += stores_->blocks.contains(tracker().hash(i)) ? 0 : 1;
    if (missing > 0)
        remarks_.push_back(fmt::format(
            "{} blocks are lost, their headers are not: peers cannot have them from here", missing));
}

std::optional<Bytes> LocalChain::block(const Hash256& hash) const {
    auto raw = stores_->blocks.read(hash);
    return raw ? std::move(*raw) : std::nullopt;
}

std::optional<Error> LocalChain::check(const chain::BlockView& block, chain::Index parent,
                                       std::int64_t unix_time) const {
    const auto& network = tracker().network();
    if (const auto broken = chain::check_proof_of_work(network, block.header, block.hash))
        return broken->error();
    const chain::TrackedAncestors ancestors(tracker(), parent);
    if (const auto broken = chain::check_in_place(network, ancestors, block.header, unix_time))
        return broken->error();
    return check_local_block(block, network, tracker().height(parent) + 1);
}

Chain::Answer LocalChain::add_block(std::span<const std::uint8_t> raw, std::int64_t unix_time) {
    const auto block = chain::parse_block(raw);
    if (!block) return {Status::Invalid, block.error().text()};
    if (tracker().find(block->hash)) return {};
    const auto parent = tracker().find(block->header.prev);
    if (!parent) return {Status::Later, "its parent is not here"};
    // A block from the future is not misbehaviour.
    if (chain::check_future(block->header, unix_time)) return {Status::Later, "its time is in the future"};
    if (const auto broken = check(*block, *parent, unix_time)) return {Status::Invalid, broken->text()};
    if (auto error = stores_->blocks.write(raw)) return failed(std::move(*error));
    auto answer = add_headers({&block->header, 1}, {&block->hash, 1}, unix_time);
    if (storage_error()) return failed(*storage_error());
    return answer;
}

}  // namespace lode::p2p
