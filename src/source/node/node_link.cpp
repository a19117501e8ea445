#include "source/node/node_link.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "chain/network.h"
#include "source/node/fields.h"
#include "util/hex.h"

namespace lode::source::node {
namespace {

using namespace std::chrono_literals;

constexpr auto kLongestPause = 15s;  // between attempts: short, since the node has few clients

}  // namespace

NodeLink::NodeLink(const boost::asio::any_io_executor& executor, std::unique_ptr<RpcClient> rpc,
                   std::string name, const SourceOptions& options, Hooks hooks)
    : rpc_(std::move(rpc)),
      name_(std::move(name)),
      network_option_(options.network),
      hooks_(std::move(hooks)),
      reconnect_timer_(executor),
      budget_(options.retries),
      backoff_(options.retry_pause, std::max<net::Backoff::Pause>(kLongestPause, options.retry_pause)) {}

void NodeLink::stop() {
    stopped_ = true;
    up_ = false;
    reconnect_timer_.cancel();
    rpc_->cancel();
}

bool NodeLink::good_within(std::chrono::steady_clock::duration age) const {
    return std::chrono::steady_clock::now() - last_good_ <= age;
}

void NodeLink::identify() {
    rpc_->cancel();
    rpc_->call("getblockchaininfo", "[]", kCallTimeout, [this](const RpcResult& answer) {
        // The call is missing or forbidden: the network comes from the options.
        if (!answer && answer.error().code != kRpcNotFound && !answer.error().forbidden())
            return failed(answer.error());
        const auto network = network_of(answer);
        if (!network) return failed(network.error(), true);
        up_ = true;
        if (const auto fits = hooks_.identified(*network); !fits) failed(fits.error(), true);
    });
}

Result<std::string> NodeLink::network_of(const RpcResult& blockchain_info) const {
    const auto said = blockchain_info ? member(blockchain_info->result, "chain") : nlohmann::json();
    std::string name = network_option_;
    if (said.is_string()) {
        name = said.get<std::string>();
        if (!network_option_.empty() && chain::find_network(name) != chain::find_network(network_option_))
            return fail(ErrorKind::Usage, "the node is on " + util::printable(name, 20), {},
                        network_option_ + ", the network that was asked for");
    }
    if (name.empty()) {
        if (!blockchain_info && blockchain_info.error().forbidden())
            return tl::unexpected(blockchain_info.error().error);
        return fail(ErrorKind::Usage, "the node does not say which network it is on", {},
                    "the network's name among the options");
    }
    const auto known = chain::parse_network(name);
    if (!known) return tl::unexpected(known.error());
    return std::string((*known)->name);
}

void NodeLink::failed(const RpcFailure& failure, bool final) {
    if (stopped_) return;
    up_ = false;
    rpc_->cancel();
    hooks_.lost();
    if (stopped_) return;
    const Error& error = failure.error;
    final = budget_.spend(failure) || final;
    if (final) {
        reconnect_timer_.cancel();
        hooks_.report(event::SourceLost{name_, error, {}});
        if (stopped_) return;
        return hooks_.give_up(error);
    }
    const auto pause = backoff_.next();
    reconnect_timer_.after(pause, [this] { identify(); });
    connected_ = false;
    if (error.text() == last_error_) return;  // log an error once while the node is unreachable
    last_error_ = error.text();
    hooks_.report(event::SourceLost{name_, error, pause});
}

void NodeLink::good() {
    if (!std::exchange(connected_, true)) hooks_.report(event::SourceConnected{name_, {}});
    last_error_.clear();
    budget_.renew();
    backoff_.reset();
    answered();
}

}  // namespace lode::source::node
