#include "source/open_chain.h"

#include "chain/p2p/header_chain.h"
#include "source/local/local_chain.h"

namespace lode::source {
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
                               const std::string& purpose, p2p::TrackedChain::Moved moved) {
    if (network.name == "local") return opened(LocalChain::open(data_dir, network, std::move(moved)));
    return opened(p2p::HeaderChain::open(data_dir, network, purpose, std::move(moved)));
}

}  // namespace lode::source
