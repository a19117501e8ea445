#include "source/node/signer.h"

#include <chrono>
#include <utility>

#include <nlohmann/json.hpp>

#include "source/node/fields.h"
#include "util/hex.h"

namespace lode::source::node {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds kSigningTimeout{30};
constexpr std::size_t kMaxTransaction = 100'000;  // bytes

tl::unexpected<RpcFailure> refused(std::string what, std::string expected) {
    return tl::unexpected(
        RpcFailure{{ErrorKind::Refused, std::move(what), "signet", std::move(expected)}, 0, 0});
}

void finalized(const RpcResult& answer, const Solved& solved) {
    if (!answer) return solved(tl::unexpected(answer.error()));
    const json hex = member(answer->result, "hex");
    const auto raw =
        hex.is_string() ? util::from_hex(hex.get_ref<const std::string&>(), kMaxTransaction) : std::nullopt;
    if (!raw)
        return solved(refused("the node's wallet cannot sign its blocks",
                              "a wallet with the keys of the challenge, loaded, named by the URL's path "
                              "/wallet/NAME where there are several"));
    auto solution = signet::solution_of(*raw);
    if (!solution) return solved(tl::unexpected(RpcFailure{solution.error(), 0, 0}));
    solved(std::move(*solution));
}

}  // namespace

void sign(RpcClient& rpc, const std::string& psbt, Solved solved) {
    rpc.call("walletprocesspsbt", json::array({psbt, true, "ALL"}).dump(), kSigningTimeout,
             [&rpc, solved = std::move(solved)](const RpcResult& answer) {
                 if (!answer) {
                     RpcFailure failure = answer.error();
                     failure.error.expected = "a wallet with the keys of the signet's challenge";
                     return solved(tl::unexpected(std::move(failure)));
                 }
                 const json processed = member(answer->result, "psbt");
                 rpc.call("finalizepsbt", json::array({processed}).dump(), kSigningTimeout,
                          [solved](const RpcResult& done) { finalized(done, solved); });
             });
}

}  // namespace lode::source::node
