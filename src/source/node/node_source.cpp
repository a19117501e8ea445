#include "source/node/node_source.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <ctime>
#include <random>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <nlohmann/json.hpp>

#include "chain/network.h"
#include "source/backoff.h"
#include "source/net/dialer.h"
#include "source/node/fields.h"
#include "source/node/freshness.h"
#include "source/node/rpc.h"
#include "source/node/solo_job.h"
#include "source/node/submitter.h"
#include "source/node/template.h"
#include "util/hex.h"
#include "work/address.h"
#include "work/coinbase.h"

namespace lode::source {
namespace node {
namespace {

using Clock = std::chrono::steady_clock;
using nlohmann::json;
using namespace std::chrono_literals;

constexpr auto kCallTimeout = 60s;
constexpr auto kLongPollTimeout = 10min;    // nodes answer after about a minute at the latest
constexpr auto kTick = 2s;                  // between looks at the node's tip, beside the long poll
constexpr unsigned kRefreshTicks = 15;      // between templates for new transactions
constexpr std::uint32_t kRefreshTime = 25;  // seconds that nTime may fall behind
constexpr auto kLongestPause = 15s;         // between attempts: a node of one's own is no crowd
constexpr auto kKeepMining = 60s;           // on the last template while the node does not answer

// What a node calls its chain in getblockchaininfo, and what it is here.
std::string network_of(const std::string& chain) {
    return chain == "test" || chain == "testnet" ? "testnet3" : chain;
}

class NodeSource final : public WorkSource {
 public:
    NodeSource(const util::Url& url, const SourceOptions& options,
               const boost::asio::any_io_executor& executor, const net::Dialer& dialer, work::Address address)
        : url_(url),
          options_(options),
          address_(std::move(address)),
          rpc_(executor, dialer, url, Credentials(url, options)),
          long_poll_(executor, dialer, url, Credentials(url, options)),
          submitter_(executor, std::make_unique<RpcClient>(executor, dialer, url, Credentials(url, options)),
                     Journal(options.data_dir),
                     {.say = [this](event::Severity s, std::string text) { say(s, std::move(text)); },
                      .judged = [this](std::int64_t height) { block_judged(height); }}),
          timer_(executor),
          tick_timer_(executor),
          patience_(options.retries),
          backoff_(options.retry_pause, std::max<Backoff::Pause>(kLongestPause, options.retry_pause)) {
        std::random_device random;
        serial_ = std::uint64_t{random()} << 32 | random();
    }

    std::string name() const override { return url_.safe(); }

    void start(JobSink& sink) override {
        sink_ = &sink;
        last_good_ = Clock::now();
        connect();
    }

    void submit(const Solution& solution, SubmitCallback callback) override {
        if (stopped_) return callback({Outcome::Status::Unknown, "stopped"});
        const Template& work = template_of(*solution.job);
        PendingBlock block;
        block.network = network_;
        block.node = name();
        block.height = work.height;
        block.hash = solution.hash;
        block.found = std::time(nullptr);
        block.hex = util::to_hex(work::assemble_block(solution, work.body));
        idle_ = true;
        submitter_.submit(std::move(block), work.prev, std::move(callback));
    }

    void stop() override {
        if (std::exchange(stopped_, true)) return;
        timer_.cancel();
        tick_timer_.cancel();
        rpc_.cancel();
        long_poll_.cancel();
        submitter_.stop();
    }

 private:
    void say(event::Severity severity, std::string text) {
        sink_->report(event::Message{severity, std::move(text)});
    }

    // --- connecting, and connecting again

    void connect() {
        rpc_.cancel();
        long_poll_.cancel();
        polling_ = fetching_ = again_ = resumed_ = false;
        tick_timer_.cancel();
        rpc_.call("getblockchaininfo", "[]", kCallTimeout, [this](const RpcResult& answer) {
            if (!answer && answer.error().code != kRpcNotFound) return failed(answer.error());
            const auto known = settle_network(answer ? member(answer->result, "chain") : json());
            if (!known) return failed({known.error().at(name())}, true);
            connected_ = true;
            fetch();
        });
    }

    // The node's word on the network where it has one, else the option.
    Result<void> settle_network(const json& chain) {
        std::string network = options_.network;
        if (chain.is_string()) {
            network = network_of(chain.get<std::string>());
            if (!options_.network.empty() && network != options_.network)
                return fail(ErrorKind::Usage, "the node is on " + util::printable(network, 20), {},
                            options_.network + ", as --network says");
        }
        if (network.empty())
            return fail(ErrorKind::Usage, "the node does not say which network it is on", {},
                        "--network NAME");
        if (const auto known = chain::parse_network(network); !known) return tl::unexpected(known.error());
        network_ = network;
        return work::check_network(address_, network_);
    }

    void failed(const RpcFailure& failure, bool final = false) {
        if (stopped_) return;
        connected_ = false;
        const Error& error = failure.error;
        final = patience_.spent(failure) || final;
        if (final) return give_up(error);
        if (error.text() != last_error_) say(event::Severity::Warning, error.text() + "; trying again");
        last_error_ = error.text();
        if (current_ && Clock::now() - last_good_ > kKeepMining) {
            current_ = nullptr;
            sink_->withdraw();
        }
        rpc_.cancel();
        tick_timer_.cancel();
        timer_.expires_after(backoff_.next());
        timer_.async_wait([this, alive = std::weak_ptr(alive_)](const auto& cancelled) {
            if (!cancelled && !alive.expired() && !stopped_) connect();
        });
    }

    void give_up(const Error& error) {
        rpc_.cancel();
        long_poll_.cancel();
        tick_timer_.cancel();
        timer_.cancel();
        sink_->give_up(error);
    }

    void healthy() {
        if (!last_error_.empty()) say(event::Severity::Info, name() + " answers again");
        last_error_.clear();
        patience_.good();
        last_good_ = Clock::now();
        backoff_.reset();
    }

    // --- templates

    [[nodiscard]] std::string request(const std::string& longpollid = {}) const {
        json options = {{"rules", json::array({"segwit"})}};
        if (network_ == "signet") options["rules"].push_back("signet");
        if (!longpollid.empty()) options["longpollid"] = longpollid;
        return json::array({options}).dump();
    }

    void fetch() {
        if (stopped_ || !connected_) return;
        if (fetching_) {
            again_ = true;
            return;
        }
        fetching_ = true;
        ticks_ = 0;
        rpc_.call("getblocktemplate", request(), kCallTimeout,
                  [this, asked = freshness_.now()](const RpcResult& answer) {
                      fetching_ = false;
                      if (!answer) return template_refused(answer.error());
                      arrived(*answer, asked);
                      if (std::exchange(again_, false)) fetch();
                  });
    }

    // An invalid parameter is a rule of the node's that is not known here: it says which.
    void template_refused(RpcFailure failure) {
        const bool final = failure.code == kRpcInvalidParameter;
        if (final) failure.error.expected = "a node without other rules than csv, segwit, taproot and signet";
        failed(failure, final);
    }

    void arrived(const RpcAnswer& answer, Freshness::Asked asked) {
        auto parsed = parse_template(answer.result);
        if (!parsed) return failed({parsed.error().at(name())}, parsed.error().kind == ErrorKind::Refused);
        const auto work = std::make_shared<const Template>(std::move(*parsed));
        if (freshness_.outdated(*work, asked)) return fetch();
        if (freshness_.jumps(*work)) return confirm_height(work, answer.received, asked);
        take(work, answer.received, asked);
    }

    void confirm_height(const TemplatePtr& work, Clock::time_point received, Freshness::Asked asked) {
        rpc_.call("getblockheader", "[\"" + work->prev.hex() + "\"]", kCallTimeout,
                  [this, work, received, asked](const RpcResult& answer) {
                      const json height = answer ? member(answer->result, "height") : json();
                      if (height == json(work->height - 1)) return take(work, received, asked);
                      Error error{ErrorKind::Malformed,
                                  "height jumps from " + std::to_string(freshness_.last()->height) + " to " +
                                      std::to_string(work->height),
                                  name() + ": template",
                                  height.is_number() ? std::to_string(height.get<std::int64_t>() + 1)
                                                     : "one more than the previous block's"};
                      if (!answer && !answer.error().answered()) return failed(answer.error());
                      failed({std::move(error)});
                  });
    }

    void take(const TemplatePtr& work, Clock::time_point received, Freshness::Asked asked) {
        if (freshness_.outdated(*work, asked)) return fetch();
        if (submitter_.judging(work->prev)) return tick_later();  // the verdict brings the next template
        freshness_.took(work);
        if (!checked_ && work->proposals) return check_proposal(work, received);
        offer(work, received);
    }

    // The first template's block is shown to the node before any hashing.
    void check_proposal(const TemplatePtr& work, Clock::time_point received) {
        const auto job = build(work, received, true);
        if (!job) return failed({job.error().at(name())}, job.error().kind == ErrorKind::Usage);
        json options = json::parse(request())[0];
        options["mode"] = "proposal";
        options["data"] = util::to_hex(proposal_block(*job));
        rpc_.call(
            "getblocktemplate", json::array({options}).dump(), kCallTimeout,
            [this, work, received](const RpcResult& answer) {
                if (!answer && !answer.error().answered()) return failed(answer.error());
                const std::string words = answer && answer->result.is_string()
                                              ? util::printable(answer->result.get<std::string>())
                                              : "";
                if (words.starts_with("inconclusive")) return fetch();  // a new tip came between
                if (!words.empty())
                    return failed({{ErrorKind::Refused, "a block of its own template is refused: " + words,
                                    name(), "a template that the node itself accepts"}});
                if (!answer)
                    say(event::Severity::Warning, "proposal not checked: " + answer.error().error.text());
                checked_ = true;
                offer(work, received);
            });
    }

    void offer(const TemplatePtr& work, Clock::time_point received) {
        healthy();
        if (!std::exchange(resumed_, true)) submitter_.begin(network_);
        if (submitter_.judging(work->prev)) return tick_later();
        const bool new_tip = !current_ || current_->prev != work->prev || idle_;
        if (new_tip || !same_work(*current_, *work) || work->time >= current_->time + kRefreshTime) {
            const auto job = build(work, received, new_tip);
            if (!job) return failed({job.error().at(name())}, job.error().kind == ErrorKind::Usage);
            current_ = work;
            idle_ = false;
            sink_->publish(*job);
        }
        tick_later();
        poll(work->longpollid);
    }

    Result<JobPtr> build(const TemplatePtr& work, Clock::time_point received, bool clean) {
        JobSpec spec;
        spec.script = address_.script;
        spec.tag = options_.coinbase_tag;
        spec.version_mask = options_.version_rolling ? options_.version_mask : 0;
        spec.network = network_;
        spec.clean = clean;
        spec.received = received;
        spec.first_roll = options_.first_roll;
        spec.first_nonce = options_.first_nonce;
        ++serial_;
        for (int shift = 56; shift >= 0; shift -= 8)
            spec.extranonce1.push_back(static_cast<std::uint8_t>(serial_ >> shift));
        return make_job(work, std::move(spec));
    }

    // --- news of a new tip: the long poll, and a look now and then

    void poll(const std::string& longpollid) {
        if (polling_ || longpollid.empty() || stopped_) return;
        polling_ = true;
        long_poll_.call("getblocktemplate", request(longpollid), kLongPollTimeout,
                        [this, asked = freshness_.now()](const RpcResult& answer) {
                            polling_ = false;
                            if (answer) return arrived(*answer, asked);
                            long_poll_.cancel();  // the next tick says whether the node is there
                        });
    }

    void tick_later() {
        tick_timer_.expires_after(kTick);
        tick_timer_.async_wait([this, alive = std::weak_ptr(alive_)](const auto& cancelled) {
            if (!cancelled && !alive.expired() && !stopped_) tick();
        });
    }

    void tick() {
        if (fetching_) return tick_later();
        if (++ticks_ >= kRefreshTicks || !polling_ || idle_) return fetch();
        rpc_.call("getbestblockhash", "[]", kCallTimeout, [this](const RpcResult& answer) {
            if (!answer) return failed(answer.error());
            last_good_ = Clock::now();
            if (current_ && answer->result == json(current_->prev.hex())) return tick_later();
            fetch();
        });
    }

    // The next block without waiting for the long poll.
    void block_judged(std::int64_t height) {
        freshness_.judged(height);
        fetch();
    }

    const util::Url url_;
    const SourceOptions options_;
    const work::Address address_;
    JobSink* sink_ = nullptr;
    RpcClient rpc_, long_poll_;
    Submitter submitter_;
    boost::asio::steady_timer timer_, tick_timer_;
    Patience patience_;
    Backoff backoff_;
    Freshness freshness_;
    std::string network_;
    TemplatePtr current_;       // being mined
    std::uint64_t serial_ = 0;  // extranonce1: random start, one more a job
    Clock::time_point last_good_;
    std::string last_error_;
    unsigned ticks_ = 0;
    bool fetching_ = false, again_ = false, polling_ = false;
    bool idle_ = false;       // a block of ours ended the job: devices wait
    bool checked_ = false;    // by a proposal
    bool connected_ = false;  // since the last failure
    bool resumed_ = false;    // pending blocks were sent since then
    bool stopped_ = false;
    std::shared_ptr<int> alive_ =
        std::make_shared<int>();  // a timer that has expired may outlive us in the queue
};

}  // namespace
}  // namespace node

Result<std::unique_ptr<WorkSource>> make_node_source(const util::Url& url, const SourceOptions& options,
                                                     const boost::asio::any_io_executor& executor) {
    if (options.coinbase_addr.empty())
        return fail(ErrorKind::Usage, "no address for the reward", "--coinbase-addr", "an address of yours");
    auto address = work::parse_address(options.coinbase_addr);
    if (!address) return tl::unexpected(address.error());
    if (!options.network.empty())
        if (const auto fits = work::check_network(*address, options.network); !fits)
            return tl::unexpected(fits.error());
    // The longest height push there will be, so that the tag fails now and not at some height.
    work::CoinbaseSpec longest;
    longest.height = 0x7fffffff;
    longest.tag = options.coinbase_tag;
    if (const auto fits = work::make_coinbase(longest); !fits) return tl::unexpected(fits.error());
    util::Url complete = url;
    if (complete.port == 0) {
        const auto* network = chain::find_network(options.network.empty() ? "main" : options.network);
        complete.port =
            network != nullptr && network->rpc_port != 0 ? network->rpc_port : std::uint16_t{8332};
    }
    const auto dialer = net::Dialer::make(options, url.scheme == "https");
    if (!dialer) return tl::unexpected(dialer.error());
    return std::make_unique<node::NodeSource>(complete, options, executor, *dialer, std::move(*address));
}

}  // namespace lode::source
