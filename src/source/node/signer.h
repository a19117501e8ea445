// Has the node's wallet sign blocks of a signet.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "source/node/rpc.h"
#include "source/node/signet.h"

namespace lode::source::node {

using Solved = std::function<void(const tl::expected<signet::Bytes, RpcFailure>&)>;

// By walletprocesspsbt and finalizepsbt, on the wallet that the URL's path names, else the only one that is
// loaded. Refused: the wallet has not the keys. The answer comes once, not from within, unless the client is
// cancelled.
void sign(RpcClient& rpc, const std::string& psbt, Solved solved);

}  // namespace lode::source::node
