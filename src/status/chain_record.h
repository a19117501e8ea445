// The chain as jobs and blocks show it: its last blocks with their branches, retargets, reorganisations.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "lode/events.h"

namespace lode::status {

struct SeenBlock {
    std::int64_t height = 0;
    Hash256 hash;
    std::optional<BlockHeader> header;  // absent: another miner's, only its hash is known
    std::uint32_t bits = 0;             // 0 where unknown
    bool ours = false;
    bool best = true;  // on the chain that is mined on
    std::chrono::system_clock::time_point seen;
};

template <typename Event>
struct Dated {
    std::chrono::system_clock::time_point when;
    Event event;
};

// Not thread-safe. Keeps the newest entries of each kind.
class ChainRecord {
 public:
    using Clock = std::chrono::system_clock;
    static constexpr std::size_t kMaxBlocks = 200, kMaxEvents = 32;

    void note(const event::JobReceived& e, Clock::time_point when);
    void note(const event::BlockResult& e, Clock::time_point when);
    void note(const event::Retarget& e, Clock::time_point when);
    void note(const event::Reorganisation& e, Clock::time_point when);
    void note(const event::Judgement& e, Clock::time_point when);

    [[nodiscard]] const JobPtr& job() const { return job_; }  // the last; null: none yet
    [[nodiscard]] Clock::time_point job_received() const { return job_received_; }
    [[nodiscard]] const std::deque<SeenBlock>& blocks() const { return blocks_; }  // as they were seen
    [[nodiscard]] const std::deque<Dated<event::Retarget>>& retargets() const { return retargets_; }
    [[nodiscard]] const std::deque<Dated<event::Reorganisation>>& reorganisations() const { return reorgs_; }
    [[nodiscard]] const std::deque<Dated<event::Judgement>>& judgements() const { return judgements_; }
    [[nodiscard]] std::uint64_t reorganisation_count() const { return reorg_count_; }

 private:
    SeenBlock* find(const Hash256& hash);
    void add(const SeenBlock& block);
    void choose_best(std::int64_t height, const Hash256& tip);
    void disconnect(std::int64_t above, const Hash256& new_tip);

    JobPtr job_;
    Clock::time_point job_received_;
    std::deque<SeenBlock> blocks_;
    std::deque<Dated<event::Retarget>> retargets_;
    std::deque<Dated<event::Reorganisation>> reorgs_;
    std::deque<Dated<event::Judgement>> judgements_;
    std::uint64_t reorg_count_ = 0;
};

// What is known of the next retarget.
struct RetargetAhead {
    std::int64_t height = 0;       // the first block that it holds for
    std::int64_t blocks_left = 0;  // until then, 1 or more
    std::int64_t period = 0;       // blocks between retargets
    // New difficulty / old at the pace of this period's blocks so far; absent where fewer than two were seen.
    std::optional<double> expected_change;
};
// Nothing where the network is not known, never retargets, or there is no job.
std::optional<RetargetAhead> retarget_ahead(const ChainRecord& chain);

}  // namespace lode::status
