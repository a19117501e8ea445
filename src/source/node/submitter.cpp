#include "source/node/submitter.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include "util/hex.h"

namespace lode::source::node {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::chrono::seconds kTimeout{60};  // of one attempt
constexpr milliseconds kFirstPause{500}, kLongestPause{10'000};
// An unknown parent: the node is behind, or the parent was never its. Devices hear "rejected" soon, the block
// is offered for a day more.
constexpr unsigned kOrphanedAttempts = 6;
constexpr std::int64_t kOrphanSeconds = 24 * 3600;

Hash256 parent_of(const PendingBlock& block) {
    std::array<std::uint8_t, kHeaderSize> raw{};
    util::from_hex(std::string_view(block.hex).substr(0, 2 * kHeaderSize), raw);
    return BlockHeader::parse(raw).prev;
}

std::string name_of(const PendingBlock& block) {
    return "block " + std::to_string(block.height) + " " + block.hash.hex();
}

}  // namespace

Submitter::Submitter(const boost::asio::any_io_executor& executor, std::unique_ptr<RpcClient> rpc,
                     Journal journal, Hooks hooks)
    : rpc_(std::move(rpc)),
      journal_(std::move(journal)),
      hooks_(std::move(hooks)),
      timer_(executor),
      sending_(entries_.end()) {}

void Submitter::begin(const std::string& network) {
    if (std::exchange(begun_, true)) return hurry();
    network_ = network;
    std::vector<std::string> complaints;
    auto blocks = journal_.load(complaints);
    for (const auto& text : complaints) hooks_.say(event::Severity::Error, text);
    for (auto& block : blocks) {
        if (block.network != network) continue;
        if (std::ranges::any_of(entries_, [&](const Entry& e) { return e.block.hash == block.hash; }))
            continue;
        hooks_.say(event::Severity::Info, name_of(block) + ", found earlier: submitting it again");
        const Hash256 parent = parent_of(block);
        entries_.push_back({std::move(block), parent, nullptr, Clock::now(), kFirstPause});
    }
    hurry();
}

void Submitter::submit(PendingBlock block, const Hash256& parent, SubmitCallback callback) {
    if (const auto stored = journal_.add(block); !stored)
        hooks_.say(event::Severity::Error,
                   stored.error().at(name_of(block) + " is not in the journal").text());
    // Fresh ones go first: they lose their worth within seconds.
    entries_.push_front({std::move(block), parent, std::move(callback), Clock::now(), kFirstPause});
    pump();
}

void Submitter::hurry() {
    for (auto& entry : entries_) {
        entry.due = Clock::now();
        entry.pause = kFirstPause;
    }
    pump();
}

void Submitter::stop() {
    if (std::exchange(stopped_, true)) return;
    timer_.cancel();
    rpc_->cancel();
    sending_ = entries_.end();
    for (auto& entry : entries_)
        if (auto callback = std::exchange(entry.callback, nullptr))
            callback({Outcome::Status::Unknown, "no answer yet; it is kept and will be submitted again"});
}

bool Submitter::judging(const Hash256& parent) const {
    for (Entries::const_iterator entry = entries_.begin(); entry != entries_.end(); ++entry)
        if (entry->parent == parent && (entry == sending_ || !entry->tried)) return true;
    return false;
}

void Submitter::pump() {
    if (stopped_ || sending_ != entries_.end() || entries_.empty()) return;
    const auto first = std::ranges::min_element(entries_, {}, &Entry::due);
    if (first->due <= Clock::now()) return send(first);
    timer_.expires_at(first->due);
    timer_.async_wait([this, alive = std::weak_ptr(alive_)](const auto& cancelled) {
        if (!cancelled && !alive.expired()) pump();
    });
}

void Submitter::send(Entries::iterator entry) {
    sending_ = entry;
    entry->tried = true;
    rpc_->call("submitblock", "[\"" + entry->block.hex + "\"]", kTimeout,
               [this, entry](const RpcResult& answer) { answered(entry, answer); });
}

void Submitter::answered(Entries::iterator entry, const RpcResult& answer) {
    const Verdict verdict = judge(answer);
    const std::int64_t height = entry->block.height;
    switch (verdict.kind) {
        case Verdict::Kind::Later:
            return retry(entry, verdict.reason);
        case Verdict::Kind::Orphan:
            if (std::time(nullptr) - entry->block.found > kOrphanSeconds)
                return settle(entry, Outcome::Status::Rejected, verdict.reason);
            if (++entry->orphaned == kOrphanedAttempts)
                if (auto callback = std::exchange(entry->callback, nullptr))
                    callback({Outcome::Status::Rejected, verdict.reason});
            return retry(entry, verdict.reason);
        case Verdict::Kind::Has:
            check_chain(entry, verdict.reason);
            break;
        case Verdict::Kind::Stale:
            settle(entry, Outcome::Status::Stale, verdict.reason);
            break;
        case Verdict::Kind::Refused:
            settle(entry, Outcome::Status::Rejected, verdict.reason);
            break;
    }
    if (!stopped_) hooks_.judged(height);
}

// A node that has the block may still prefer a sibling: bcoin answers null and Bitcoin Core "duplicate" then.
void Submitter::check_chain(Entries::iterator entry, const std::string& reason) {
    rpc_->call(
        "getblockhash", "[" + std::to_string(entry->block.height) + "]", kTimeout,
        [this, entry, reason](const RpcResult& answer) {
            const std::string ours = entry->block.hash.hex();
            if (answer && answer->result.is_string() && answer->result.get_ref<const std::string&>() != ours)
                return settle(entry, Outcome::Status::Stale,
                              reason.empty() ? "another block is in the chain at its height" : reason);
            settle(entry, Outcome::Status::Accepted, reason);
        });
}

void Submitter::retry(Entries::iterator entry, const std::string& reason) {
    if (entry->pause == kFirstPause)
        hooks_.say(event::Severity::Warning,
                   name_of(entry->block) + " is kept and will be submitted again: " + reason);
    entry->due = Clock::now() + entry->pause;
    entry->pause = std::min(entry->pause * 2, kLongestPause);
    sending_ = entries_.end();
    pump();
}

void Submitter::settle(Entries::iterator entry, Outcome::Status status, const std::string& reason) {
    const Entry done = std::move(*entry);
    entries_.erase(entry);
    sending_ = entries_.end();
    const bool refused = status == Outcome::Status::Rejected;
    const std::string word = refused ? "refused" : status == Outcome::Status::Stale ? "stale" : "accepted";
    if (const auto noted =
            journal_.resolve(done.block, reason.empty() ? word : word + ": " + reason, refused);
        !noted)
        hooks_.say(event::Severity::Error, noted.error().at("journal").text());
    if (done.callback)
        done.callback({status, reason});
    else
        hooks_.say(
            refused ? event::Severity::Warning : event::Severity::Info,
            name_of(done.block) + ", found earlier: " + word + (reason.empty() ? "" : " (" + reason + ")"));
    pump();
}

}  // namespace lode::source::node
