// The meaning of an answer to submitblock.
#pragma once

#include <string>

#include "source/node/rpc.h"

namespace lode::source::node {

struct BlockReply {
    enum class Kind {
        Has,      // the node has the block, though possibly not in its best chain
        Stale,    // valid, but another block at this height came first
        Refused,  // permanently
        Orphan,   // its parent is unknown to the node, which may be behind
        Later,    // no usable answer: unreachable, starting, overloaded
    } kind = Kind::Later;
    std::string reason;  // as the node states it, printable; empty if it gave none
};

BlockReply read_block_reply(const RpcResult& answer);

}  // namespace lode::source::node
