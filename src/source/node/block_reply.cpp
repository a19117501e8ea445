#include "source/node/block_reply.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "source/node/fields.h"
#include "util/hex.h"

namespace lode::source::node {
namespace {

// JSON-RPC errors that refer to the block itself (Bitcoin Core's rpc/protocol.h): -3 wrong type, -8 invalid
// parameter, -22 does not decode, -25 and -26 verification failed or refused.
constexpr std::array kFinalCodes = {-3, -8, -22, -25, -26, -32602};

}  // namespace

BlockReply read_block_reply(const RpcResult& answer) {
    using Kind = BlockReply::Kind;
    if (!answer) {
        const RpcFailure& failed = answer.error();
        const bool final = std::ranges::find(kFinalCodes, failed.code) != kFinalCodes.end();
        return {final ? Kind::Refused : Kind::Later, failed.error.what};
    }
    if (answer->result.is_null()) return {Kind::Has, ""};
    if (!answer->result.is_string()) return {Kind::Later, "an answer of " + shown(answer->result)};
    const std::string& words = answer->result.get_ref<const std::string&>();
    const std::string reason = util::printable(words);
    std::string_view word = words;
    constexpr std::string_view kBcoin = "rejected: ";
    if (word.starts_with(kBcoin)) word.remove_prefix(kBcoin.size());
    if (word == "duplicate") return {Kind::Has, reason};
    if (word == "inconclusive" || word == "duplicate-inconclusive") return {Kind::Stale, reason};
    if (word == "prev-blk-not-found" || word == "bad-prevblk")
        return {Kind::Orphan, reason};  // bcoin: the latter
    // Our clock or the node's is wrong; valid later.
    if (word == "time-too-new") return {Kind::Later, reason};
    return {Kind::Refused, reason};
}

}  // namespace lode::source::node
