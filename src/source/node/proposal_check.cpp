#include "source/node/proposal_check.h"

#include <chrono>
#include <utility>

#include <nlohmann/json.hpp>

#include "source/node/solo_job.h"
#include "source/node/template_poller.h"
#include "util/hex.h"

namespace lode::source::node {
namespace {

using nlohmann::json;

ProposalReply read_reply(const RpcResult& answer) {
    using Kind = ProposalReply::Kind;
    if (!answer && !answer.error().answered()) return {Kind::Failed, "", answer.error()};
    if (!answer) return {Kind::NotChecked, answer.error().error.text(), {}};
    if (!answer->result.is_string()) return {};
    const std::string words = util::printable(answer->result.get_ref<const std::string&>());
    return {words.starts_with("inconclusive") ? Kind::NewTip
            : words.empty()                   ? Kind::Good
                                              : Kind::Refused,
            words,
            {}};
}

}  // namespace

void propose(RpcClient& rpc, const JobPtr& job, const Template& work, const std::string& network,
             std::function<void(const ProposalReply&)> reply) {
    json options = json::parse(template_request(network))[0];
    options["mode"] = "proposal";
    options["data"] = util::to_hex(proposal_block(job, work));
    rpc.call("getblocktemplate", json::array({options}).dump(), kCallTimeout,
             [reply = std::move(reply)](const RpcResult& answer) { reply(read_reply(answer)); });
}

}  // namespace lode::source::node
