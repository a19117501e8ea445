#include "source/node/node_source.h"

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <system_error>
#include <utility>

#include "chain/network.h"
#include "net/dialer.h"
#include "net/disk_thread.h"
#include "source/node/block_pace.h"
#include "source/node/job_maker.h"
#include "source/node/long_poll.h"
#include "source/node/min_difficulty.h"
#include "source/node/node_link.h"
#include "source/node/proposal_check.h"
#include "source/node/solo_job.h"
#include "source/node/submitter.h"
#include "source/node/template_poller.h"
#include "source/payout.h"
#include "source/posted_answers.h"
#include "source/unverified.h"
#include "util/hex.h"
#include "work/address.h"

namespace lode::source {
namespace node {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kRefreshTime = 25;  // seconds that nTime may fall behind
constexpr auto kKeepMining = 60s;           // on the last template while the node does not answer
constexpr unsigned kRefusals = 5;           // blocks in a row: what is wrong with them is no chance

std::string challenge_text(const std::vector<std::uint8_t>& challenge) {
    return challenge.empty() ? "none, not a signet" : util::printable(util::to_hex(challenge), 80);
}

// Combines the parts that talk to the node with the path of its templates: proposed once, turned into jobs,
// solved, submitted.
class NodeSource final : public WorkSource {
 public:
    NodeSource(const util::Url& url, const SourceOptions& options,
               const boost::asio::any_io_executor& executor, const net::Dialer& dialer, work::Address address)
        : name_(url.safe()),
          options_(options),
          address_(std::move(address)),
          warn_unverified_(dialer.unverified()),
          disk_(executor),
          link_(executor, client(url, executor, dialer), name_, options,
                {.report = [this](const Event& event) { sink_->report(event); },
                 .identified = [this](const std::string& network) { return identified(network); },
                 .lost = [this] { lost(); },
                 .give_up = [this](const Error& error) { give_up(error); }}),
          min_difficulty_(link_, options.min_difficulty_blocks),
          pace_(options.block_interval, options.poisson),
          pace_timer_(executor),
          jobs_(executor, link_, options, address_.script,
                {.publish = [this](const JobPtr& job) { sink_->publish(job); },
                 .spent = [this] { poller_.fetch(); }}),
          poller_(executor, link_, name_,
                  [this](const TemplatePtr& work, Clock::time_point received) { arrived(work, received); }),
          submitter_(executor, client(url, executor, dialer), options.data_dir, disk_,
                     {.say = [this](event::Severity s, std::string text) { say(s, std::move(text)); },
                      .replied = [this](std::int64_t height, Outcome::Status status,
                                        const std::string& reason) { replied(height, status, reason); }}),
          answers_(executor) {
        auto check = std::make_unique<ThreadCheck>(executor, client(url, executor, dialer),
                                                   client(url, executor, dialer));
        poller_.set_long_poll(std::make_unique<LongPoll>(
            client(url, executor, dialer), std::move(check), options.long_poll, name_,
            LongPoll::Hooks{.say = [this](event::Severity s, std::string text) { say(s, std::move(text)); },
                            .answered = [this](const RpcAnswer& answer) { poller_.arrived(answer); }}));
    }
    ~NodeSource() override { stop(); }

    std::string name() const override { return name_; }

    void start(JobSink& sink) override {
        sink_ = &sink;
        link_.start();
    }

    void submit(const Solution& solution, SubmitCallback callback) override {
        const auto* work = solution.job->context_as<Template>();
        if (work == nullptr)
            return answers_.post(std::move(callback), {Outcome::Status::Rejected, "a job of another source"});
        PendingBlock block;
        block.network = network_;
        block.node = name_;
        block.height = work->height;
        block.hash = solution.hash;
        block.found = std::time(nullptr);
        block.hex = util::to_hex(work::assemble_block(solution, work->body));
        current_done_ = true;
        jobs_.drop_unsigned();
        submitter_.submit(std::move(block), work->prev, std::move(callback));
    }

    void stop() override {
        link_.stop();
        rest();
        submitter_.stop();
        answers_.stop();
    }

 private:
    std::unique_ptr<RpcClient> client(const util::Url& url, const boost::asio::any_io_executor& executor,
                                      const net::Dialer& dialer) const {
        return std::make_unique<RpcClient>(executor, dialer, url, Credentials(url, options_));
    }

    void say(event::Severity severity, std::string text) {
        sink_->report(event::Message{severity, std::move(text)});
    }

    // --- the link

    Result<void> identified(const std::string& network) {
        if (auto fits = work::check_network(address_, network); !fits) return fits;
        if (auto fits = min_difficulty_.set_network(network); !fits) return fits;
        jobs_.set_network(network);
        network_ = network;
        resumed_ = false;
        if (std::exchange(warn_unverified_, false)) say(event::Severity::Warning, kUnverified);
        poller_.start(network);
        return {};
    }
    void lost() {
        rest();
        if (!current_ || link_.good_within(kKeepMining)) return;
        current_ = nullptr;
        sink_->withdraw();
    }
    void give_up(const Error& error) {
        link_.stop();
        rest();
        sink_->give_up(error);
    }
    void rest() {
        poller_.stop();
        pace_timer_.cancel();
        jobs_.stop();
    }

    // --- from a template to a job

    void arrived(const TemplatePtr& work, Clock::time_point received) {
        if (!options_.signet_challenge.empty() && work->signet_challenge != options_.signet_challenge)
            return link_.failed(
                Error{ErrorKind::Usage,
                      "the node's challenge is " + challenge_text(work->signet_challenge),
                      {},
                      challenge_text(options_.signet_challenge) + ", the signet that was asked for"},
                true);
        // The node's reply to our block brings the next template.
        if (submitter_.awaits_reply_on(work->prev)) return poller_.fetch_soon();
        poller_.took(work);
        min_difficulty_.apply(work, [this, received](const TemplatePtr& eased) { check(eased, received); });
    }

    void check(const TemplatePtr& work, Clock::time_point received) {
        if (proposed_ || !work->proposals) return offer(work, received);
        const auto job = jobs_.draft(work, received, true);
        if (!job) return link_.failed(job.error(), job.error().kind == ErrorKind::Usage);
        propose(link_.rpc(), *job, *work, network_, [this, work, received](const ProposalReply& reply) {
            proposal_answered(reply, work, received);
        });
    }

    void proposal_answered(const ProposalReply& reply, const TemplatePtr& work, Clock::time_point received) {
        using Kind = ProposalReply::Kind;
        switch (reply.kind) {
            case Kind::Failed:
                return link_.failed(reply.failure);
            case Kind::NewTip:
                return poller_.fetch();
            case Kind::Refused:
                return link_.failed(Error{ErrorKind::Refused,
                                          "a block of its own template is refused: " + reply.reason,
                                          {},
                                          "a template that the node itself accepts"});
            case Kind::NotChecked:
                say(event::Severity::Warning, "proposal not checked: " + reply.reason);
                break;
            case Kind::Good:
                break;
        }
        proposed_ = true;
        offer(work, received);
    }

    void offer(const TemplatePtr& work, Clock::time_point received) {
        link_.good();
        if (!std::exchange(resumed_, true)) submitter_.begin(network_);
        if (!link_.up()) return;  // stopped by an observer of that event
        if (submitter_.awaits_reply_on(work->prev)) return poller_.fetch_soon();
        if (const auto begin = pace_.may_begin(work->prev, received); Clock::now() < begin)
            return pause(work, begin);
        const bool new_tip = !current_ || current_->prev != work->prev || current_done_;
        if (new_tip || !same_work(*current_, *work) || work->time >= current_->time + kRefreshTime ||
            jobs_.spent()) {
            current_ = work;
            current_done_ = false;
            jobs_.make(work, received, new_tip);
        }
        if (link_.up()) poller_.watch(work);
    }

    // Blocks come at intervals: until then there is no work.
    void pause(const TemplatePtr& work, Clock::time_point begin) {
        if (current_ && current_->prev != work->prev) {
            current_ = nullptr;
            jobs_.drop_unsigned();
            sink_->withdraw();
        }
        pace_timer_.at(begin, [this] { poller_.fetch(); });
        poller_.watch(work);
    }

    // --- from a block to its reply

    void replied(std::int64_t height, Outcome::Status status, const std::string& reason) {
        refused_ = status == Outcome::Status::Rejected ? refused_ + 1 : 0;
        if (refused_ >= kRefusals)
            return link_.failed(
                Error{ErrorKind::Refused,
                      std::to_string(refused_) + " blocks in a row are refused, the last with " + reason,
                      {},
                      "templates whose blocks the node accepts"},
                true);
        poller_.replied(height);
    }

    const std::string name_;
    const SourceOptions options_;
    const work::Address address_;
    bool warn_unverified_;  // still to be said
    JobSink* sink_ = nullptr;
    net::DiskThread disk_;
    NodeLink link_;
    MinDifficulty min_difficulty_;
    BlockPace pace_;
    net::Timer pace_timer_;
    JobMaker jobs_;
    TemplatePoller poller_;
    Submitter submitter_;
    PostedAnswers answers_;
    std::string network_;
    TemplatePtr current_;        // being mined
    bool current_done_ = false;  // a block of ours ended it: devices wait
    bool proposed_ = false;      // a block of this node's templates was found good
    bool resumed_ = false;       // pending blocks were sent since the node is up
    unsigned refused_ = 0;       // blocks in a row
};

}  // namespace
}  // namespace node

Result<std::unique_ptr<WorkSource>> make_node_source(const util::Url& url, const SourceOptions& options,
                                                     const boost::asio::any_io_executor& executor) {
    auto address = payout_address(options);
    if (!address) return tl::unexpected(address.error());
    util::Url complete = url;
    if (complete.port == 0) {
        const auto* network = chain::find_network(options.network.empty() ? "main" : options.network);
        complete.port =
            network != nullptr && network->rpc_port != 0 ? network->rpc_port : std::uint16_t{8332};
    }
    std::error_code code;
    if (std::filesystem::is_directory(options.rpc_cookie, code))
        return fail(ErrorKind::Usage, "is a directory",
                    "cookie file " + util::printable(options.rpc_cookie, 200),
                    "the path of the file .cookie in the node's data directory");
    const auto dialer = net::Dialer::make(options.dial, url.scheme == "https");
    if (!dialer) return tl::unexpected(dialer.error());
    return std::make_unique<node::NodeSource>(complete, options, executor, *dialer, std::move(*address));
}

}  // namespace lode::source
