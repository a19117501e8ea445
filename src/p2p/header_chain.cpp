#include "p2p/header_chain.h"

namespace lode::p2p {

using chain::HeaderStore;
using chain::NetworkDir;

Result<std::unique_ptr<HeaderChain>> HeaderChain::open(const std::string& data_dir,
                                                       const chain::Network& network,
                                                       const std::string& purpose, Moved moved) {
    auto dir = NetworkDir::lock(data_dir, network, purpose);
    if (!dir) return tl::unexpected(dir.error());
    return load(std::move(*dir), std::move(moved));
}

Result<std::unique_ptr<HeaderChain>> HeaderChain::view(const std::string& data_dir,
                                                       const chain::Network& network) {
    return load(NetworkDir::view(data_dir, network), {});
}

Result<std::unique_ptr<HeaderChain>> HeaderChain::load(NetworkDir dir, Moved moved) {
    auto headers = HeaderStore::open(dir);
    if (!headers) return tl::unexpected(headers.error());
    auto tracker = headers->take_tracker();
    return std::unique_ptr<HeaderChain>(new HeaderChain(
        std::make_unique<Stores>(Stores{std::move(dir), std::move(*headers), std::move(tracker)}),
        std::move(moved)));
}

// The base refers to objects owned by the stores, whose addresses do not change.
HeaderChain::HeaderChain(std::unique_ptr<Stores> stores, Moved moved)
    : TrackedChain(stores->tracker,
                   {[s = stores.get()] { return s->headers.write(s->tracker); },
                    [s = stores.get()] { return s->headers.sync(); }},
                   std::move(moved)),
      stores_(std::move(stores)) {}

}  // namespace lode::p2p
