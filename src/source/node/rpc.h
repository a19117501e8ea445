// JSON-RPC of Bitcoin nodes over one HTTP connection; calls are queued.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>

#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

#include "source/node/credentials.h"
#include "source/node/http.h"

namespace lode::source::node {

// Codes of Bitcoin Core's rpc/protocol.h that matter here.
inline constexpr int kRpcNotFound = -32601, kRpcWarmingUp = -28, kRpcDownloading = -10, kRpcNoPeers = -9,
                     kRpcInvalidParameter = -8;

inline constexpr std::chrono::seconds kCallTimeout{60};  // of most calls

struct RpcFailure {
    Error error;
    int code = 0;         // the node's error code; 0: no JSON-RPC answer
    unsigned status = 0;  // of HTTP, 0: none
    [[nodiscard]] bool unauthorized() const { return status == 401; }
    // The method is not on the user's whitelist, or our address is not allowed.
    [[nodiscard]] bool forbidden() const { return status == 403; }
    [[nodiscard]] bool answered() const { return code != 0; }  // a JSON-RPC error of the node itself
};

struct RpcAnswer {
    nlohmann::json result;
    std::chrono::steady_clock::time_point received;
};

using RpcResult = tl::expected<RpcAnswer, RpcFailure>;

// Decodes an HTTP response. Nodes send errors as HTTP 500 or 404 with JSON (Bitcoin Core), or as 200 (bcoin).
RpcResult decode_reply(const HttpReply& reply);

class RpcClient {
 public:
    using Handler = std::function<void(const RpcResult&)>;

    RpcClient(boost::asio::any_io_executor executor, net::Dialer dialer, util::Url url,
              Credentials credentials);

    // params: a JSON array as text. The handler is called once, never from inside the call, unless cancelled.
    void call(std::string method, std::string params, std::chrono::milliseconds timeout, Handler handler);
    // Drops all calls; no handler is called.
    void cancel();
    [[nodiscard]] bool idle() const { return calls_.empty(); }

 private:
    struct Call {
        std::string method, params;
        std::chrono::milliseconds timeout;
        Handler handler;
        bool retried = false;  // after reading the cookie again
    };

    void send();
    void answered(const Result<HttpReply>& reply);

    HttpConnection connection_;
    std::string where_;
    Credentials credentials_;
    std::deque<Call> calls_;  // the first one is in progress
};

}  // namespace lode::source::node
