#include "source/node/submitter.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include "source/node/block_reply.h"
#include "util/hex.h"

namespace lode::source::node {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kFirstWait{500}, kLongestWait{10'000};  // between attempts
// For an unknown parent: the node may be behind, or may never have had it. The solution is soon answered as
// rejected, the block is retried for another day.
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
                     std::filesystem::path data_dir, net::DiskThread& disk, Hooks hooks)
    : rpc_(std::move(rpc)),
      journal_(std::move(data_dir), disk),
      hooks_(std::move(hooks)),
      retry_timer_(executor),
      sending_(entries_.end()) {}

void Submitter::begin(const std::string& network) {
    if (std::exchange(begun_, true)) return retry_now();
    network_ = network;
    std::vector<std::string> errors;
    auto blocks = journal_.load(errors);
    for (const auto& text : errors) hooks_.say(event::Severity::Error, text);
    for (auto& block : blocks) {
        if (block.network != network) continue;
        if (std::ranges::any_of(entries_, [&](const Entry& e) { return e.block.hash == block.hash; }))
            continue;
        hooks_.say(event::Severity::Info, name_of(block) + ", found earlier: submitting it again");
        const Hash256 parent = parent_of(block);
        entries_.push_back({std::move(block), parent, nullptr, Clock::now(), kFirstWait});
    }
    retry_now();
}

void Submitter::submit(PendingBlock block, const Hash256& parent, SubmitCallback callback) {
    const auto not_kept = [this, name = name_of(block)](const Error& error) {
        hooks_.say(event::Severity::Error, error.at(name + " is not in the journal").text());
    };
    const auto written = journal_.add(block, [not_kept](const std::optional<Error>& error) {
        if (error) not_kept(*error);
    });
    if (!written) not_kept(written.error());
    // New blocks go first: they become stale within seconds.
    entries_.push_front({std::move(block), parent, std::move(callback), Clock::now(), kFirstWait});
    pump();
}

void Submitter::retry_now() {
    for (auto& entry : entries_) {
        entry.due = Clock::now();
        entry.pause = kFirstWait;
    }
    pump();
}

void Submitter::stop() {
    if (std::exchange(stopped_, true)) return;
    retry_timer_.cancel();
    rpc_->cancel();
    sending_ = entries_.end();
    for (auto& entry : entries_)
        if (auto callback = std::exchange(entry.callback, nullptr))
            callback({Outcome::Status::Unknown, "no answer yet; it is kept and will be submitted again"});
}

bool Submitter::awaits_reply_on(const Hash256& parent) const {
    for (Entries::const_iterator entry = entries_.begin(); entry != entries_.end(); ++entry)
        if (entry->parent == parent && (entry == sending_ || !entry->tried)) return true;
    return false;
}

void Submitter::pump() {
    if (stopped_ || sending_ != entries_.end() || entries_.empty()) return;
    const auto first = std::ranges::min_element(entries_, {}, &Entry::due);
    if (first->due <= Clock::now()) return send(first);
    retry_timer_.at(first->due, [this] { pump(); });
}

void Submitter::send(Entries::iterator entry) {
    sending_ = entry;
    entry->tried = true;
    rpc_->call("submitblock", "[\"" + entry->block.hex + "\"]", kCallTimeout,
               [this, entry](const RpcResult& answer) { answered(entry, answer); });
}

void Submitter::answered(Entries::iterator entry, const RpcResult& answer) {
    using Kind = BlockReply::Kind;
    const BlockReply reply = read_block_reply(answer);
    switch (reply.kind) {
        case Kind::Later:
            return retry(entry, reply.reason);
        case Kind::Orphan:
            if (std::time(nullptr) - entry->block.found > kOrphanSeconds)
                return settle(entry, Outcome::Status::Rejected, reply.reason);
            if (++entry->orphaned == kOrphanedAttempts)
                if (auto callback = std::exchange(entry->callback, nullptr))
                    callback({Outcome::Status::Rejected, reply.reason});
            return retry(entry, reply.reason);
        case Kind::Has:
            // The next template need not wait for the check of the best chain.
            hooks_.replied(entry->block.height, Outcome::Status::Accepted, reply.reason);
            return check_chain(entry, reply.reason);
        case Kind::Stale:
            return settle_and_answer(entry, Outcome::Status::Stale, reply.reason);
        case Kind::Refused:
            return settle_and_answer(entry, Outcome::Status::Rejected, reply.reason);
    }
}

// A node that has the block may still prefer another one at its height: bcoin then answers null, Bitcoin Core
// "duplicate".
void Submitter::check_chain(Entries::iterator entry, const std::string& reason) {
    rpc_->call(
        "getblockhash", "[" + std::to_string(entry->block.height) + "]", kCallTimeout,
        [this, entry, reason](const RpcResult& answer) {
            const std::string ours = entry->block.hash.hex();
            if (answer && answer->result.is_string() && answer->result.get_ref<const std::string&>() != ours)
                return settle(entry, Outcome::Status::Stale,
                              reason.empty() ? "another block is in the chain at its height" : reason);
            settle(entry, Outcome::Status::Accepted, reason);
        });
}

void Submitter::retry(Entries::iterator entry, const std::string& reason) {
    if (entry->pause == kFirstWait)
        hooks_.say(event::Severity::Warning,
                   name_of(entry->block) + " is kept and will be submitted again: " + reason);
    entry->due = Clock::now() + entry->pause;
    entry->pause = std::min(entry->pause * 2, kLongestWait);
    sending_ = entries_.end();
    pump();
}

void Submitter::settle_and_answer(Entries::iterator entry, Outcome::Status status,
                                  const std::string& reason) {
    const std::int64_t height = entry->block.height;
    settle(entry, status, reason);
    if (!stopped_) hooks_.replied(height, status, reason);
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
