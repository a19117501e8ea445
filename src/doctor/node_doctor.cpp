#include "doctor/node_doctor.h"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "chain/network.h"
#include "crypto/sha256.h"
#include "doctor/chain_check.h"
#include "doctor/latencies.h"
#include "doctor/template_exam.h"
#include "net/dialer.h"
#include "net/timer.h"
#include "source/node/fields.h"
#include "source/node/proposal_check.h"
#include "source/node/rpc.h"
#include "source/node/solo_job.h"
#include "source/node/template_poller.h"
#include "util/clock.h"
#include "util/hex.h"
#include "work/address.h"

namespace lode::doctor {
namespace {

namespace node = source::node;
using nlohmann::json;
using namespace std::chrono_literals;
using Clock = net::Timer::Clock;
using source::node::RpcResult;

constexpr const char* kJsonRpc = "JSON-RPC 1.0; Bitcoin Core, rpc/protocol.h";
constexpr Rule kInfo{"getblockchaininfo", "the node says which chain it is on", "Bitcoin Core's RPC"};
constexpr Rule kSynced{"synced", "the node has the whole chain", "initialblockdownload"};
constexpr Rule kDemanded{"rules-demanded", "a request without the rule segwit is refused, with -8",
                         "BIP 9, BIP 145"};
constexpr Rule kTemplate{"template", "getblocktemplate gives work that can be mined",
                         "BIP 22, BIP 23, BIP 145"};
constexpr Rule kProposal{"proposal", "a block made from the template is found good", "BIP 23"};
constexpr Rule kUnknown{"unknown-method", "an unknown method is answered with -32601", kJsonRpc};
constexpr Rule kGarbage{"garbage-block", "a block that cannot be read is refused",
                        "BIP 22; Bitcoin Core, -22"};
constexpr Rule kHighHash{"high-hash", "a block without proof of work is refused", "BIP 22, high-hash"};

constexpr auto kTimeout = 30s;
constexpr int kMeasured = 10;

std::string shown(const RpcResult& answer) {
    return answer ? node::shown(answer->result) : answer.error().error.what;
}

// Steps in order; each calls the next.
class NodeDoctor final : public Examination {
 public:
    NodeDoctor(const util::Url& url, const Options& options, std::vector<std::uint8_t> script,
               net::Dialer dialer, const boost::asio::any_io_executor& executor)
        : probe_(options.probe),
          script_(std::move(script)),
          rpc_(executor, std::move(dialer), url, node::Credentials(url, options.source)),
          chain_(options.source, executor),
          timer_(executor) {}
    ~NodeDoctor() override { rpc_.cancel(); }

    void start(Done done) override {
        done_ = std::move(done);
        call("getblockchaininfo", "[]", [this](const RpcResult& answer) { informed(answer); });
    }

 private:
    void call(const char* method, std::string params, node::RpcClient::Handler handler) {
        rpc_.call(method, std::move(params), kTimeout, std::move(handler));
    }

    void informed(const RpcResult& answer) {
        if (!answer) return finish(answer.error().error);
        const json &chain = node::member(answer->result, "chain"),
                   &blocks = node::member(answer->result, "blocks"),
                   &best = node::member(answer->result, "bestblockhash");
        if (!chain.is_string() || !blocks.is_number_integer() || !best.is_string()) {
            report_.broken(kInfo, "chain, blocks or bestblockhash is missing");
            return finish({});
        }
        const auto* network = chain::find_network(chain.get<std::string>());
        tip_ = {network != nullptr ? std::string(network->name) : "", blocks.get<std::int64_t>(),
                best.get<std::string>()};
        report_.check(
            kInfo, network != nullptr,
            fmt::format("{}, height {}", util::printable(chain.get<std::string>(), 40), tip_.blocks));
        const json loading = node::member(answer->result, "initialblockdownload");
        if (loading == true)
            report_.noted(kSynced, "still loading, or its last block is over a day old");
        else
            report_.held(kSynced);
        call("getblocktemplate", "[{}]", [this](const RpcResult& refused) { asked_without_rules(refused); });
    }

    void asked_without_rules(const RpcResult& answer) {
        const bool refused = !answer && answer.error().code == node::kRpcInvalidParameter;
        if (refused)
            report_.held(kDemanded, shown(answer));
        else
            report_.noted(kDemanded, answer ? "a template comes all the same" : shown(answer));
        measure(kMeasured);
    }

    void measure(int left) {
        const auto began = Clock::now();
        call("getblocktemplate", node::template_request(tip_.network),
             [this, left, began](const RpcResult& answer) {
                 latencies_.add(Clock::now() - began);
                 if (!answer || left <= 1) return templated(answer);
                 measure(left - 1);
             });
    }

    void templated(const RpcResult& answer) {
        latencies_.conclude(report_);
        if (!answer) {
            report_.broken(kTemplate, shown(answer));
            return unknown_method();
        }
        auto parsed = node::parse_template(answer->result);
        if (!parsed) {
            report_.broken(kTemplate, parsed.error().text());
            return unknown_method();
        }
        report_.held(kTemplate,
                     fmt::format("height {}, {} transactions", parsed->height, parsed->txids.size()));
        examine_template(answer->result, *parsed, tip_, util::unix_time(), report_);
        work_ = std::make_shared<const node::Template>(std::move(*parsed));
        node::JobSpec spec;
        spec.script = script_;
        spec.network = tip_.network;
        spec.extranonce1 = {'d', 'o', 'c', 't', 'o', 'r', 0, 0};
        auto job = node::make_job(work_, std::move(spec));
        if (!job) {
            report_.broken(kProposal, job.error().text());
            return unknown_method();
        }
        job_ = *job;
        node::propose(rpc_, job_, *work_, tip_.network,
                      [this](const node::ProposalReply& reply) { proposed(reply); });
    }

    void proposed(const node::ProposalReply& reply) {
        using Kind = node::ProposalReply::Kind;
        if (reply.kind == Kind::Good)
            report_.held(kProposal);
        else if (reply.kind == Kind::Refused)
            report_.broken(kProposal, reply.reason);
        else
            report_.noted(kProposal, reply.kind == Kind::Failed ? reply.failure.error.what : reply.reason);
        unknown_method();
    }

    void unknown_method() {
        call("lodedoctor", "[]", [this](const RpcResult& answer) {
            report_.check(kUnknown, !answer && answer.error().code == node::kRpcNotFound, shown(answer));
            if (!probe_) return judge();
            call("submitblock", R"(["00"])", [this](const RpcResult& garbage) {
                report_.check(kGarbage, !garbage ? garbage.error().answered() : garbage->result.is_string(),
                              shown(garbage));
                high_hash();
            });
        });
    }

    void high_hash() {
        if (!job_) return judge();
        auto block = node::proposal_block(job_, *work_);
        const auto header = std::span(block).first<kHeaderSize>();
        while (crypto::hash_header(header).number() <= work_->target)
            ++block[kHeaderSize - 4];  // nNonce's first byte
        call("submitblock", json::array({util::to_hex(block)}).dump(), [this](const RpcResult& answer) {
            const bool refused = answer ? answer->result.is_string() : answer.error().answered();
            report_.check(kHighHash, refused, shown(answer));
            judge();
        });
    }

    void judge() {
        chain_.start(job_, report_, [this] { finish({}); });
    }

    // Posted, since whoever is told may destroy us.
    void finish(std::optional<Error> error) {
        timer_.after({}, [done = std::exchange(done_, nullptr), error, this] {
            if (error) return done(tl::unexpected(*error));
            done(&report_);
        });
    }

    const bool probe_;
    const std::vector<std::uint8_t> script_;
    node::RpcClient rpc_;
    Report report_;
    ChainCheck chain_;
    NodeTip tip_;
    Latencies latencies_;
    node::TemplatePtr work_;
    JobPtr job_;
    net::Timer timer_;
    Done done_;
};

}  // namespace

Result<std::unique_ptr<Examination>> examine_node(const util::Url& url, const Options& options,
                                                  const boost::asio::any_io_executor& executor) {
    std::vector<std::uint8_t> script = {0x51};  // OP_TRUE: it is only ever proposed
    if (!options.expect_addr.empty()) {
        auto address = work::parse_address(options.expect_addr);
        if (!address) return tl::unexpected(address.error());
        script = std::move(address->script);
    }
    util::Url complete = url;
    if (complete.port == 0) complete.port = 8332;
    auto dialer = net::Dialer::make(options.source.dial, url.scheme == "https");
    if (!dialer) return tl::unexpected(dialer.error());
    return std::make_unique<NodeDoctor>(complete, options, std::move(script), std::move(*dialer), executor);
}

}  // namespace lode::doctor
