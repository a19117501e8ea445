// Requests templates, with long polls and regular polls of the node's tip.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "net/timer.h"
#include "source/node/freshness.h"
#include "source/node/long_poll.h"
#include "source/node/node_link.h"
#include "source/node/template.h"

namespace lode::source::node {

// The parameters of getblocktemplate, as JSON text.
std::string template_request(const std::string& network, const std::string& longpollid = {});

// Used on the io thread.
class TemplatePoller {
 public:
    using Clock = std::chrono::steady_clock;
    // A current template; received: when its last byte arrived.
    using Arrived = std::function<void(const TemplatePtr& work, Clock::time_point received)>;

    // The link must outlive this.
    TemplatePoller(const boost::asio::any_io_executor& executor, NodeLink& link, std::string node,
                   Arrived arrived);

    // For the connections of long polls; to be called before start().
    void set_long_poll(std::unique_ptr<LongPoll> long_poll) { long_poll_ = std::move(long_poll); }

    void start(std::string network);  // the node is up
    void stop();                      // the node is down or no longer used

    // Requests a template; if a request is in progress, another one after it.
    void fetch();
    void fetch_soon();
    // This template is used: older ones are outdated now.
    void took(const TemplatePtr& work) { freshness_.took(work); }
    // This template is being mined: watches for its successor.
    void watch(const TemplatePtr& work);
    // The node has answered for a block of ours at this height.
    void replied(std::int64_t height);
    // From the long poll.
    void arrived(const RpcAnswer& answer);

 private:
    void parse(const RpcAnswer& answer, Freshness::Asked asked);
    void confirm_height(const TemplatePtr& work, Clock::time_point received, Freshness::Asked asked);
    void tick_later();
    void tick();

    NodeLink& link_;
    std::string node_;
    Arrived arrived_;
    std::unique_ptr<LongPoll> long_poll_;
    net::Timer tick_timer_, wait_timer_;
    Freshness freshness_;
    Freshness::Asked long_poll_asked_;
    std::string network_;
    TemplatePtr watched_;  // null: any template is new
    Clock::time_point fetched_;
    bool fetching_ = false, fetch_again_ = false;
    bool knows_tip_ = true;  // the node answers calls for its tip
};

}  // namespace lode::source::node
