// Proposes to a node the block of its own first template before it is mined (BIP 23), so that errors in it
// are found before any hashing.
#pragma once

#include <functional>
#include <string>

#include "lode/job.h"
#include "source/node/rpc.h"
#include "source/node/template.h"

namespace lode::source::node {

struct ProposalReply {
    enum class Kind {
        Good,
        NewTip,      // a new tip came meanwhile: no statement about the block
        Refused,     // see reason
        NotChecked,  // the node did not check it, see reason
        Failed,      // no answer, see failure
    } kind = Kind::Good;
    std::string reason;  // printable
    RpcFailure failure;
};

// job: made from this template. The reply comes once, never from inside the call, unless the client is
// cancelled.
void propose(RpcClient& rpc, const JobPtr& job, const Template& work, const std::string& network,
             std::function<void(const ProposalReply&)> reply);

}  // namespace lode::source::node
