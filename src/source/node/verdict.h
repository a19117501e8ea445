// What the answer to submitblock means.
#pragma once

#include <string>

#include "source/node/rpc.h"

namespace lode::source::node {

struct Verdict {
    enum class Kind {
        Has,      // the node has the block: whether in its best chain is another question
        Stale,    // valid, but a sibling came first
        Refused,  // for good
        Orphan,   // its parent is unknown to the node, which may be behind
        Later,    // no verdict: not reached, starting, overloaded
    } kind = Kind::Later;
    std::string reason;  // the node's own words, printable; empty where it said nothing
};

Verdict judge(const RpcResult& answer);

}  // namespace lode::source::node
