#include "source/node/rpc.h"

#include <algorithm>
#include <array>
#include <utility>

#include "source/node/fields.h"
#include "util/hex.h"

namespace lode::source::node {
namespace {

using nlohmann::json;

tl::unexpected<RpcFailure> failure(ErrorKind kind, std::string what, std::string expected, unsigned status,
                                   int code = 0) {
    return tl::unexpected(RpcFailure{{kind, std::move(what), {}, std::move(expected)}, code, status});
}

// The node's message and error code, if any.
RpcResult node_error(const json& error, unsigned status) {
    int code = -1;
    std::string message = "an error without a message";
    if (error.is_object()) {
        if (const auto it = error.find("code"); it != error.end() && it->is_number_integer())
            code = static_cast<int>(it->get<std::int64_t>());
        if (const auto it = error.find("message"); it != error.end() && it->is_string())
            message = util::printable(it->get_ref<const std::string&>());
    } else if (error.is_string()) {
        message = util::printable(error.get_ref<const std::string&>());
    }
    if (code == 0) code = -1;
    // Warming up, in initial block download, or without peers: ready later.
    const bool waits = code == kRpcWarmingUp || code == kRpcDownloading || code == kRpcNoPeers;
    return failure(waits ? ErrorKind::Unreachable : ErrorKind::Refused,
                   "the node says: " + message + " (" + std::to_string(code) + ")", {}, status, code);
}

}  // namespace

RpcResult decode_reply(const HttpReply& reply) {
    if (reply.status == 401)
        return failure(ErrorKind::Refused, "the node refuses the credentials (HTTP 401)",
                       "its rpcuser and rpcpassword, or the content of its cookie file", reply.status);
    if (reply.status == 403)
        return failure(ErrorKind::Refused, "the node does not allow the call (HTTP 403)",
                       "our address in its rpcallowip, and the method in its rpcwhitelist where it has one",
                       reply.status);
    json answer = json::parse(reply.body, nullptr, false);
    if (!answer.is_object() || (!answer.contains("result") && !answer.contains("error"))) {
        const std::string shape =
            answer.is_discarded() ? "the answer is not JSON" : "the answer is not JSON-RPC";
        const std::string start = util::printable(reply.body, 40);
        // Possibly an error page of a proxy or an overloaded node: worth retrying.
        constexpr std::array kBusy = {429u, 500u, 502u, 503u, 504u};
        const std::string said = "HTTP " + std::to_string(reply.status) + (start.empty() ? "" : ": " + start);
        if (std::ranges::find(kBusy, reply.status) != kBusy.end())
            return failure(ErrorKind::Unreachable, "the node, or a proxy before it, answers " + said, {},
                           reply.status);
        return failure(ErrorKind::Malformed, shape + " (" + said + ")", "the JSON-RPC port of a node",
                       reply.status);
    }
    if (const auto error = answer.find("error"); error != answer.end() && !error->is_null())
        return node_error(*error, reply.status);
    if (!answer.contains("result"))
        return failure(ErrorKind::Malformed, "the answer has no result", "JSON-RPC", reply.status);
    return RpcAnswer{std::move(answer["result"]), reply.received};
}

RpcClient::RpcClient(boost::asio::any_io_executor executor, net::Dialer dialer, util::Url url,
                     Credentials credentials)
    : connection_(std::move(executor), std::move(dialer), url),
      where_(url.safe()),
      credentials_(std::move(credentials)) {}

void RpcClient::call(std::string method, std::string params, std::chrono::milliseconds timeout,
                     Handler handler) {
    calls_.push_back({std::move(method), std::move(params), timeout, std::move(handler)});
    if (calls_.size() == 1) send();
}

void RpcClient::cancel() {
    connection_.cancel();
    calls_.clear();
}

void RpcClient::send() {
    const Call& call = calls_.front();
    // Method names are ours and params are JSON already: put together as text, since a block is large.
    std::string body =
        R"({"jsonrpc":"1.0","id":"lode","method":")" + call.method + R"(","params":)" + call.params + "}";
    if (credentials_.from_cookie() && credentials_.header().empty()) credentials_.reload();
    connection_.post(std::move(body), credentials_.header(), call.timeout,
                     [this](const Result<HttpReply>& reply) { answered(reply); });
}

void RpcClient::answered(const Result<HttpReply>& reply) {
    RpcResult result = reply ? decode_reply(*reply) : tl::unexpected(RpcFailure{reply.error()});
    if (!result && result.error().unauthorized() && credentials_.from_cookie()) {
        // A restarted node has written a new cookie.
        if (!std::exchange(calls_.front().retried, true) && credentials_.reload()) return send();
        result.error().error.kind = ErrorKind::Unreachable;
        result.error().error.expected = "the content of " + util::printable(credentials_.cookie());
    }
    if (!result && result.error().forbidden()) result.error().error.where = calls_.front().method;
    if (!result) result.error().error = result.error().error.at(where_);
    const Call done = std::move(calls_.front());
    calls_.pop_front();
    if (!calls_.empty()) send();
    done.handler(result);
}

}  // namespace lode::source::node
