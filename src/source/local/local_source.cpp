#include "source/local/local_source.h"

#include <chrono>
#include <list>
#include <random>

#include <boost/asio/post.hpp>
#include <fmt/core.h>

#include "base/scope.h"
#include "chain/target.h"
#include "net/timer.h"
#include "p2p/local_chain.h"
#include "p2p/node.h"
#include "source/local/local_job.h"
#include "util/clock.h"
#include "work/address.h"
#include "work/block_assembly.h"
#include "work/roll.h"

namespace lode::source {
namespace {

namespace asio = boost::asio;
using Severity = event::Severity;

constexpr std::uint8_t kOpTrue = 0x51;  // anyone may spend it
constexpr std::size_t kExtranonce1 = 8;
// Interval for updating header time, which determines the difficulty; a block takes two seconds.
constexpr std::chrono::seconds kRenewTime{1};
constexpr std::size_t kAnnounced = 9;  // headers of a new branch; peers request the rest

class LocalSource final : public WorkSource {
 public:
    LocalSource(SourceOptions options, LocalJobSpec spec, p2p::NodeSettings peers,
                const asio::any_io_executor& executor)
        : options_(std::move(options)),
          spec_(std::move(spec)),
          peers_(std::move(peers)),
          executor_(executor),
          disk_(executor),
          next_job_timer_(executor) {}
    ~LocalSource() override { stop(); }

    std::string name() const override { return "local"; }

    void start(JobSink& sink) override {
        sink_ = &sink;
        later([this] { open(); });
    }

    // Writes and links the block at once; the answer follows when it is on disk.
    void submit(const Solution& solution, SubmitCallback callback) override {
        if (scope_.closed()) return;
        const auto waiting = unanswered_.insert(unanswered_.end(), std::move(callback));
        submitting_ = true;
        const auto answer = chain_->add_block(work::assemble_block(solution, {}), util::unix_time());
        submitting_ = false;
        chain_->when_synced(scope_.guard(
            [this, waiting, outcome = outcome_of(answer, solution.hash)](const std::optional<Error>& error) {
                answer_one(waiting, error ? Outcome{Outcome::Status::Unknown, error->text()} : outcome);
                if (error) give_up("a block was found but could not be stored");
            }));
        if (answer.status == p2p::Chain::Status::Failed) return;  // when_synced() says so too
        later([this] { publish(true); });
    }

    void stop() override {
        if (scope_.closed()) return;
        scope_.close();
        next_job_timer_.cancel();
        if (node_) node_->stop();
        while (!unanswered_.empty())
            answer_one(unanswered_.begin(), {Outcome::Status::Unknown, "stopped before it was on the disk"});
    }

 private:
    void open() {
        auto chain = p2p::LocalChain::open(options_.data_dir, *chain::find_network("local"),
                                           [this](const p2p::TipMove& move) { moved(move); });
        if (!chain) return sink_->give_up(chain.error());
        chain_ = std::move(*chain);
        chain_->sync_on(disk_);
        for (const auto& remark : chain_->remarks()) say(Severity::Warning, remark);
        const auto tip = chain_->tip();
        say(Severity::Info, fmt::format("local chain at height {} in {}", tip.height, options_.data_dir));
        if (peers_.listen || !peers_.peers.empty()) {
            node_.emplace(executor_, *chain_, peers_,
                          [this](Severity severity, const std::string& text) { say(severity, text); });
            if (const auto started = node_->start(); !started) return sink_->give_up(started.error());
        }
        publish(true);
    }

    void later(std::function<void()> task) { asio::post(executor_, scope_.guard(std::move(task))); }
    void say(Severity severity, std::string text) {
        sink_->report(event::Message{severity, std::move(text)});
    }
    void give_up(const char* why) {
        if (scope_.closed()) return;
        const Error error{ErrorKind::Storage, chain_->storage_error()->text(), why,
                          "free space in the data directory"};
        stop();
        sink_->give_up(error);
    }

    using Unanswered = std::list<SubmitCallback>;
    void answer_one(Unanswered::iterator waiting, const Outcome& outcome) {
        const SubmitCallback callback = std::move(*waiting);
        unanswered_.erase(waiting);
        callback(outcome);
    }

    Outcome outcome_of(const p2p::Chain::Answer& answer, const Hash256& hash) const {
        using Status = p2p::Chain::Status;
        if (answer.status != Status::Added) return {Outcome::Status::Rejected, answer.reason};
        const auto& tree = chain_->tree();
        if (const auto i = tree.find(hash); i && tree.on_best_chain(*i))
            return {Outcome::Status::Accepted, {}};
        return {Outcome::Status::Stale, "another block is in the chain at its height"};
    }

    // Called for a block of ours or of a peer. It is announced at once; the next job follows after all blocks
    // that arrived together.
    void moved(const p2p::TipMove& move) {
        if (!chain_ || scope_.closed()) return;
        if (node_) node_->announce(chain_->connected(move, kAnnounced));
        if (submitting_)
            return later([this, r = move.reorganisation] { report_move(r); });  // not from inside submit()
        report_move(move.reorganisation);
        if (!std::exchange(publish_due_, true)) later([this] { publish(true); });
    }

    void report_move(const std::optional<chain::Reorganisation>& r) {
        if (r) sink_->report(event::Reorganisation{r->depth, r->old_tip, r->new_tip, r->height});
        report_retarget();
    }

    void report_retarget() {
        const auto& tree = chain_->tree();
        const std::int64_t next = tree.height(tree.tip()) + 1;
        const std::uint32_t old_bits = tree[tree.tip()].bits;
        const auto new_bits = tree.next_bits(tree.tip(), static_cast<std::uint32_t>(util::unix_time()));
        if (!chain::starts_period(tree.network(), next) || !new_bits || *new_bits == old_bits) return;
        sink_->report(event::Retarget{next, old_bits, *new_bits, chain::difficulty_of_bits(old_bits),
                                      chain::difficulty_of_bits(*new_bits)});
    }

    // Publishes a job on the tip, and again when its header time is outdated. A header must not be ahead of
    // our clock, or the difficulty would follow a clock that runs fast: if the rules require a later time,
    // waits for the next second.
    void publish(bool clean) {
        publish_due_ = false;
        if (scope_.closed()) return;
        if (chain_->storage_error()) return give_up("a block came but could not be stored");
        const auto& tree = chain_->tree();
        const std::int64_t earliest = tree.earliest_time(tree.tip()).value_or(0), now = util::unix_time();
        if (now < earliest) {
            next_job_timer_.after(
                std::chrono::system_clock::from_time_t(earliest) - std::chrono::system_clock::now(),
                [this] { publish(true); });
            return sink_->withdraw();
        }
        auto job = make_local_job(tree, spec_, static_cast<std::uint32_t>(now));
        if (!job) return sink_->give_up(job.error());
        job->clean = clean;
        next_job_timer_.after(kRenewTime, [this] { publish(false); });
        sink_->publish(work::seal(std::move(*job)));
    }

    SourceOptions options_;
    LocalJobSpec spec_;
    p2p::NodeSettings peers_;
    asio::any_io_executor executor_;
    net::DiskThread disk_;
    net::Timer next_job_timer_;
    JobSink* sink_ = nullptr;
    std::unique_ptr<p2p::LocalChain> chain_;
    std::optional<p2p::Node> node_;
    Unanswered unanswered_;
    bool submitting_ = false, publish_due_ = false;
    base::Scope scope_;
};

Result<std::vector<std::uint8_t>> output_script(const std::string& address) {
    if (address.empty()) return std::vector<std::uint8_t>{kOpTrue};
    auto parsed = work::parse_address(address);
    if (!parsed) return tl::unexpected(parsed.error().at("coinbase address"));
    if (const auto fits = work::check_network(*parsed, "local"); !fits)
        return tl::unexpected(fits.error().at("coinbase address"));
    return parsed->script;
}

}  // namespace

Result<std::unique_ptr<WorkSource>> make_local_source(const util::Url&, const SourceOptions& options,
                                                      const asio::any_io_executor& executor) {
    LocalJobSpec spec;
    auto script = output_script(options.coinbase_addr);
    if (!script) return tl::unexpected(script.error());
    spec.script = std::move(*script);
    spec.tag = options.coinbase_tag;
    spec.version_mask = options.version_rolling ? options.version_mask : 0;
    std::random_device random;
    for (std::size_t i = 0; i < kExtranonce1; ++i)
        spec.extranonce1.push_back(static_cast<std::uint8_t>(random()));

    auto peers =
        p2p::node_settings(*chain::find_network("local"), options.peers, options.listen, options.dial);
    if (!peers) return tl::unexpected(peers.error());
    peers->timing = p2p::Timing::fast();
    if (options.dial.proxy.empty()) peers->dialer.set_step_timeout(std::chrono::milliseconds{3'000});
    peers->first_pause = std::chrono::milliseconds{500};
    peers->longest_pause = std::chrono::milliseconds{4'000};
    return std::make_unique<LocalSource>(options, std::move(spec), std::move(*peers), executor);
}

}  // namespace lode::source
