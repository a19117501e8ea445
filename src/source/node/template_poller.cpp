#include "source/node/template_poller.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "source/node/fields.h"

namespace lode::source::node {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr auto kTick = 2s;          // between polls of the node's tip, with a long poll open
constexpr auto kTickAlone = 500ms;  // without a long poll
constexpr auto kRefresh = 30s;      // between templates, for new transactions
constexpr auto kOrdinaryWait = 5s;  // a slower call, with a long poll open, is assumed to wait for a thread

}  // namespace

std::string template_request(const std::string& network, const std::string& longpollid) {
    json options = {{"rules", json::array({"segwit"})}};
    if (network == "signet") options["rules"].push_back("signet");
    if (!longpollid.empty()) options["longpollid"] = longpollid;
    return json::array({options}).dump();
}

TemplatePoller::TemplatePoller(const boost::asio::any_io_executor& executor, NodeLink& link, std::string node,
                               Arrived arrived)
    : link_(link),
      node_(std::move(node)),
      arrived_(std::move(arrived)),
      tick_timer_(executor),
      wait_timer_(executor) {}

void TemplatePoller::start(std::string network) {
    network_ = std::move(network);
    watched_ = nullptr;
    fetch();
}

void TemplatePoller::stop() {
    fetching_ = fetch_again_ = false;
    tick_timer_.cancel();
    wait_timer_.cancel();
    long_poll_->cancel();
}

void TemplatePoller::fetch() {
    if (!link_.up()) return;
    if (fetching_) {
        fetch_again_ = true;
        return;
    }
    fetching_ = true;
    fetched_ = Clock::now();
    link_.rpc().call("getblocktemplate", template_request(network_), kCallTimeout,
                     [this, asked = freshness_.now()](const RpcResult& answer) {
                         fetching_ = false;
                         if (answer) {
                             parse(*answer, asked);
                             if (std::exchange(fetch_again_, false)) fetch();
                             return;
                         }
                         RpcFailure failure = answer.error();
                         // The node requires a rule that is not supported here.
                         const bool final = failure.code == kRpcInvalidParameter;
                         if (final)
                             failure.error.expected =
                                 "a node without other rules than csv, segwit, taproot and signet";
                         link_.failed(failure, final);
                     });
}

void TemplatePoller::fetch_soon() {
    watched_ = nullptr;
    tick_later();
}

void TemplatePoller::watch(const TemplatePtr& work) {
    if (!link_.up()) return;
    watched_ = work;
    tick_later();
    if (work->longpollid.empty()) return;
    if (!long_poll_->is_open()) long_poll_asked_ = freshness_.now();
    long_poll_->open(*work, template_request(network_, work->longpollid));
}

void TemplatePoller::replied(std::int64_t height) {
    freshness_.replied(height);
    watched_ = nullptr;
    fetch();
}

void TemplatePoller::arrived(const RpcAnswer& answer) {
    parse(answer, long_poll_asked_);
}

void TemplatePoller::parse(const RpcAnswer& answer, Freshness::Asked asked) {
    if (!link_.up()) return;
    auto parsed = parse_template(answer.result);
    if (!parsed) return link_.failed(parsed.error(), parsed.error().kind == ErrorKind::Refused);
    const auto work = std::make_shared<const Template>(std::move(*parsed));
    if (freshness_.outdated(*work, asked)) return fetch();
    if (freshness_.jumps(*work)) return confirm_height(work, answer.received, asked);
    arrived_(work, answer.received);
}

void TemplatePoller::confirm_height(const TemplatePtr& work, Clock::time_point received,
                                    Freshness::Asked asked) {
    link_.rpc().call(
        "getblockheader", "[\"" + work->prev.hex() + "\"]", kCallTimeout,
        [this, work, received, asked](const RpcResult& answer) {
            const json height = answer ? member(answer->result, "height") : json();
            const bool forbidden = !answer && answer.error().forbidden();  // skip the check
            if (forbidden || height == json(work->height - 1)) {
                if (freshness_.outdated(*work, asked)) return fetch();
                return arrived_(work, received);
            }
            if (!answer && !answer.error().answered()) return link_.failed(answer.error());
            link_.failed(Error{ErrorKind::Malformed,
                               "height jumps from " + std::to_string(freshness_.last()->height) + " to " +
                                   std::to_string(work->height),
                               "template",
                               height.is_number() ? std::to_string(height.get<std::int64_t>() + 1)
                                                  : "one more than the previous block's"});
        });
}

void TemplatePoller::tick_later() {
    if (!link_.up()) return;
    const bool beside = long_poll_->is_open() || !knows_tip_;
    tick_timer_.after(beside ? kTick : kTickAlone, [this] { tick(); });
}

void TemplatePoller::tick() {
    if (fetching_) return tick_later();
    if (watched_ == nullptr || !knows_tip_ || Clock::now() - fetched_ >= kRefresh) return fetch();
    if (long_poll_->is_open()) wait_timer_.after(kOrdinaryWait, [this] { long_poll_->harms(); });
    link_.rpc().call("getbestblockhash", "[]", kCallTimeout, [this](const RpcResult& answer) {
        wait_timer_.cancel();
        if (!answer && (answer.error().code == kRpcNotFound || answer.error().forbidden())) {
            knows_tip_ = false;
            return tick_later();
        }
        if (!answer) return link_.failed(answer.error());
        link_.answered();
        if (watched_ && answer->result == json(watched_->prev.hex())) return tick_later();
        fetch();
    });
}

}  // namespace lode::source::node
