#include "source/local/local_source.h"

#include <chrono>
#include <random>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/core.h>

#include "chain/p2p/node.h"
#include "chain/target.h"
#include "source/local/local_chain.h"
#include "source/local/local_job.h"
#include "work/address.h"
#include "work/block_assembly.h"
#include "work/roll.h"

namespace lode::source {
namespace {

namespace asio = boost::asio;
using Severity = event::Severity;

constexpr std::uint8_t kOpTrue = 0x51;  // anyone may spend it
constexpr std::size_t kExtranonce1 = 8;
// Header time is renewed this often: it drives the difficulty, and a block takes two seconds.
constexpr std::chrono::seconds kRenewTime{1};
constexpr std::size_t kAnnounced = 9;  // headers of a new branch told to peers; of more they ask for the rest

std::int64_t unix_time() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

class LocalSource final : public WorkSource {
 public:
    LocalSource(SourceOptions options, LocalJobSpec spec, p2p::NodeSettings peers,
                const asio::any_io_executor& executor)
        : options_(std::move(options)),
          spec_(std::move(spec)),
          peers_(std::move(peers)),
          executor_(executor),
          timer_(executor) {}

    std::string name() const override { return "local"; }

    void start(JobSink& sink) override {
        sink_ = &sink;
        auto chain = LocalChain::open(options_.data_dir, *chain::find_network("local"),
                                      [this](const p2p::TipMove& move) { moved(move); });
        if (!chain) return sink.give_up(chain.error());
        chain_ = std::move(*chain);
        for (const auto& remark : chain_->remarks()) say(Severity::Warning, remark);
        const auto tip = chain_->tip();
        say(Severity::Info, fmt::format("local chain at height {} in {}", tip.height, options_.data_dir));
        if (peers_.listen || !peers_.peers.empty()) {
            node_.emplace(executor_, *chain_, peers_,
                          [this](Severity severity, const std::string& text) { say(severity, text); });
            if (const auto started = node_->start(); !started) return sink.give_up(started.error());
        }
        publish(true);
    }

    void submit(const Solution& solution, SubmitCallback callback) override {
        if (!running()) return callback({Outcome::Status::Unknown, "stopped"});
        const auto raw = work::assemble_block(solution, {});
        mining_ = true;  // the outcome is told before the next job
        const auto answer = chain_->add_block(raw, unix_time());
        mining_ = false;
        callback(outcome(answer, solution.hash));
        if (!running()) return;
        if (answer.status == p2p::Chain::Status::Failed)
            return give_up("a block was found but could not be stored");
        tell_retarget();
        publish(true);
    }

    void stop() override {
        stopped_ = true;
        timer_.cancel();
        alive_.reset();
        if (node_) node_->stop();
    }

 private:
    [[nodiscard]] bool running() const { return chain_ && !stopped_; }
    void say(Severity severity, std::string text) {
        sink_->report(event::Message{severity, std::move(text)});
    }
    void give_up(const char* why) {
        stop();
        sink_->give_up(
            Error{ErrorKind::Storage, chain_->trouble()->text(), why, "room in the data directory"});
    }

    Outcome outcome(const p2p::Chain::Answer& answer, const Hash256& hash) const {
        using Status = p2p::Chain::Status;
        if (answer.status != Status::Added) return {Outcome::Status::Rejected, answer.reason};
        const auto& tree = chain_->tree();
        if (const auto i = tree.find(hash); i && tree.on_best_chain(*i))
            return {Outcome::Status::Accepted, {}};
        return {Outcome::Status::Stale, "another block was first"};
    }

    // By a block of ours or of a peer. Peers are told at once; the next job follows when all blocks that came
    // in one go are in.
    void moved(const p2p::TipMove& move) {
        if (!running()) return;
        if (move.reorganisation) sink_->report(*move.reorganisation);
        if (node_) node_->announce(chain_->connected(move, kAnnounced));
        if (!mining_) tell_retarget();
        if (mining_ || std::exchange(publish_due_, true)) return;
        asio::post(executor_, [this, alive = std::weak_ptr<int>(alive_)] {
            if (alive.lock()) publish(true);
        });
    }

    void tell_retarget() {
        const auto& tree = chain_->tree();
        const std::int64_t next = tree.height(tree.tip()) + 1;
        const std::uint32_t old_bits = tree[tree.tip()].bits;
        const auto new_bits = tree.next_bits(tree.tip(), static_cast<std::uint32_t>(unix_time()));
        if (!chain::starts_period(tree.network(), next) || !new_bits || *new_bits == old_bits) return;
        sink_->report(event::Retarget{next, old_bits, *new_bits, chain::difficulty_of_bits(old_bits),
                                      chain::difficulty_of_bits(*new_bits)});
    }

    // A job on the tip, again whenever its time has passed. A header may not be newer than our clock, or else
    // the difficulty would follow a clock that runs ahead: where the rules ask for that, the next second is
    // waited for.
    void publish(bool clean) {
        publish_due_ = false;
        if (!running()) return;
        if (chain_->trouble()) return give_up("a block came but could not be stored");
        const auto& tree = chain_->tree();
        const std::int64_t earliest = tree.earliest_time(tree.tip()).value_or(0), now = unix_time();
        if (now < earliest) {
            sink_->withdraw();
            return wait(std::chrono::system_clock::from_time_t(earliest) - std::chrono::system_clock::now(),
                        true);
        }
        auto job = make_local_job(tree, spec_, static_cast<std::uint32_t>(now));
        if (!job) return sink_->give_up(job.error());
        job->clean = clean;
        sink_->publish(work::seal(std::move(*job), options_.first_roll, options_.first_nonce));
        wait(kRenewTime, false);
    }

    void wait(std::chrono::system_clock::duration time, bool clean) {
        timer_.expires_after(time);
        timer_.async_wait([this, clean, alive = std::weak_ptr<int>(alive_)](boost::system::error_code error) {
            if (!error && alive.lock()) publish(clean);
        });
    }

    SourceOptions options_;
    LocalJobSpec spec_;
    p2p::NodeSettings peers_;
    asio::any_io_executor executor_;
    asio::steady_timer timer_;
    JobSink* sink_ = nullptr;
    std::unique_ptr<LocalChain> chain_;
    std::optional<p2p::Node> node_;
    bool stopped_ = false, mining_ = false, publish_due_ = false;
    std::shared_ptr<int> alive_ = std::make_shared<int>();
};

Result<std::vector<std::uint8_t>> output_script(const std::string& address) {
    if (address.empty()) return std::vector<std::uint8_t>{kOpTrue};
    auto parsed = work::parse_address(address);
    if (!parsed) return tl::unexpected(parsed.error().at("--coinbase-addr"));
    if (const auto fits = work::check_network(*parsed, "local"); !fits)
        return tl::unexpected(fits.error().at("--coinbase-addr"));
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

    auto peers = p2p::node_settings(*chain::find_network("local"), options.peers, options.listen);
    if (!peers) return tl::unexpected(peers.error());
    peers->timing = p2p::Timing::fast();
    peers->connect_timeout = std::chrono::milliseconds{3'000};
    peers->first_pause = std::chrono::milliseconds{500};
    peers->longest_pause = std::chrono::milliseconds{4'000};
    return std::make_unique<LocalSource>(options, std::move(spec), std::move(*peers), executor);
}

}  // namespace lode::source
