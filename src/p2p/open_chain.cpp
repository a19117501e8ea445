#include "p2p/open_chain.h"

#include "p2p/header_chain.h"
#include "p2p/local_chain.h"

namespace lode::p2p {
namespace {

template <typename Chain>
Result<OpenedChain> opened(Result<std::unique_ptr<Chain>> chain) {
    if (!chain) return tl::unexpected(chain.error());
    OpenedChain result;
    result.tree = &(*chain)->tree();
    result.remarks = (*chain)->remarks();
    result.chain = std::move(*chain);
    return result;
}

}  // namespace

Result<OpenedChain> open_chain(const std::string& data_dir, const chain::Network& network,
                               const std::string& purpose, TrackedChain::Moved moved) {
    if (network.name == "local") return opened(LocalChain::open(data_dir, network, std::move(moved)));
    return opened(HeaderChain::open(data_dir, network, purpose, std::move(moved)));
}

}  // namespace lode::p2p
