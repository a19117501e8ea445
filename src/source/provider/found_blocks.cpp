#include "source/provider/found_blocks.h"

#include <algorithm>
#include <utility>

#include "source/sv2/messages.h"
#include "util/clock.h"
#include "util/hex.h"

namespace lode::source::provider {

using event::Severity;

namespace {

std::string name_of(std::int64_t height, const Hash256& hash) {
    return "block " + std::to_string(height) + " " + hash.hex();
}

}  // namespace

FoundBlocks::FoundBlocks(Where where, const std::filesystem::path& data_dir, net::DiskThread& disk,
                         std::vector<Action>& actions)
    : where_(std::move(where)), journal_(data_dir, disk), actions_(actions) {}

const Work& FoundBlocks::work_of(const Block& block) {
    return *block.solution.job->context_as<Work>();
}

void FoundBlocks::say(Severity severity, std::string text) {
    actions_.emplace_back(action::Say{severity, std::move(text)});
}

void FoundBlocks::begin() {
    std::vector<std::string> complaints;
    const auto left = journal_.load(complaints);
    for (const auto& text : complaints) say(Severity::Error, text);
    for (const auto& block : left)
        if (block.network == where_.network)
            say(Severity::Warning,
                name_of(block.height, block.hash) +
                    ", found earlier, waits for a node: a template provider takes no blocks "
                    "but of its own templates");
}

void FoundBlocks::add(const Solution& solution, SubmitCallback callback, TimePoint now) {
    blocks_.push_back({solution, std::move(callback), now + kAnswerTime});
    keep(blocks_.back());
    send(blocks_.back());
}

void FoundBlocks::send(const Block& block) {
    actions_.emplace_back(action::Send{sv2::to_frame(to_message(block.solution, work_of(block)))});
}

void FoundBlocks::resend(TimePoint now) {
    unanswered_ = 0;
    for (Block& block : blocks_) {
        block.due = now + kAnswerTime;
        send(block);
    }
}

// ---- the journal

node::PendingBlock FoundBlocks::entry_of(const Block& block, std::string hex) const {
    node::PendingBlock entry;
    entry.network = where_.network;
    entry.node = where_.provider;
    entry.height = work_of(block).height;
    entry.hash = block.solution.hash;
    entry.found = util::unix_time();
    entry.hex = std::move(hex);
    return entry;
}

void FoundBlocks::keep(Block& block) {
    if (!work_of(block).transactions->list || std::exchange(block.tried, true)) return;
    const auto not_kept = [this,
                           name = name_of(work_of(block).height, block.solution.hash)](const Error& error) {
        say(Severity::Error, error.at(name + " is not in the journal").text());
    };
    const auto bytes = whole_block(block.solution, work_of(block));
    if (!bytes) return not_kept(bytes.error());
    const auto written =
        journal_.add(entry_of(block, util::to_hex(*bytes)), [not_kept](const std::optional<Error>& error) {
            if (error) not_kept(*error);
        });
    if (!written) return not_kept(written.error());
    block.kept = true;
}

void FoundBlocks::keep() {
    for (Block& block : blocks_) keep(block);
}

// ---- outcomes

void FoundBlocks::tip(const Hash256& hash, std::int64_t height) {
    for (auto block = blocks_.begin(); block != blocks_.end();) {
        const std::int64_t own = work_of(*block).height;
        if (block->solution.hash == hash) {
            settle(*block, Outcome::Status::Accepted);
        } else if (own == height) {
            settle(*block, Outcome::Status::Stale);
        } else if (own < height) {
            give_up(*block, "the provider has moved on");
        } else {
            ++block;
            continue;
        }
        block = blocks_.erase(block);
    }
}

void FoundBlocks::settle(Block& block, Outcome::Status status) {
    const bool accepted = status == Outcome::Status::Accepted;
    unanswered_ = 0;
    if (block.kept)
        if (const auto noted = journal_.resolve(entry_of(block, {}), accepted ? "accepted" : "stale", false);
            !noted)
            say(Severity::Error, noted.error().at("journal").text());
    answer(block, {status, accepted ? "" : "another block is in the chain at its height"});
}

void FoundBlocks::tick(TimePoint now) {
    for (Block& block : blocks_) {
        if (!block.callback || now < block.due) continue;
        ++unanswered_;
        give_up(block, "the provider does not announce it");
    }
}

TimePoint FoundBlocks::deadline() const {
    TimePoint first = TimePoint::max();
    for (const Block& block : blocks_)
        if (block.callback) first = std::min(first, block.due);
    return first;
}

void FoundBlocks::answer(Block& block, Outcome outcome) {
    if (auto callback = std::exchange(block.callback, nullptr))
        actions_.emplace_back(action::Answer{std::move(callback), std::move(outcome)});
}

void FoundBlocks::give_up(Block& block, const char* why) {
    answer(block,
           {Outcome::Status::Unknown, std::string(why) + (block.kept ? "; it is kept for a node" : "")});
}

void FoundBlocks::stop() {
    for (Block& block : blocks_) give_up(block, "stopped before the provider announced it");
}

}  // namespace lode::source::provider
