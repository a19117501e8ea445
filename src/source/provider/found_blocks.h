// Blocks whose outcome is not known yet. SubmitSolution has no answer: the tips that the provider announces
// show what has become of a block.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <list>
#include <string>

#include "source/node/journal.h"
#include "source/provider/provider_job.h"
#include "source/sv2/actions.h"

namespace lode::source::provider {

using pool::TimePoint;
using sv2::Action;
namespace action = sv2::action;

// Outlives the sessions: a block that one could not deliver is sent again by the next. Lives on the io
// thread; it adds to the actions, which outlive it, as does the thread that the journal
// syncs on.
class FoundBlocks {
 public:
    struct Where {
        std::string network, provider;  // for the journal
    };
    // How long a provider may take to announce a block of ours as its tip.
    static constexpr std::chrono::seconds kAnswerTime{10};

    FoundBlocks(Where where, const std::filesystem::path& data_dir, net::DiskThread& disk,
                std::vector<Action>& actions);

    // Says which blocks of earlier processes still wait for a node.
    void begin();
    // A solution of a job whose context is a Work. It is kept in the journal and sent; the callback comes as
    // an Answer, exactly once.
    void add(const Solution& solution, SubmitCallback callback, TimePoint now);
    // The transactions of a template have come: blocks made from it can be kept now.
    void keep();
    // A new connection is established: open blocks are sent again.
    void resend(TimePoint now);
    // The provider's tip, as the template to be mined on it shows its height.
    void tip(const Hash256& hash, std::int64_t height);
    // Stops waiting for the provider to announce them; the blocks stay in the journal.
    void tick(TimePoint now);
    [[nodiscard]] TimePoint deadline() const;  // of tick(); max: none
    // A block on the current tip waits to be announced: more work on that tip would make a sibling.
    [[nodiscard]] bool waiting() const { return deadline() != TimePoint::max(); }
    // Consecutive blocks that the provider did not announce.
    [[nodiscard]] unsigned unanswered() const { return unanswered_; }
    // Answers what is open with Unknown.
    void stop();

 private:
    struct Block {
        Solution solution;
        SubmitCallback callback;  // empty: answered
        TimePoint due;
        bool tried = false, kept = false;  // to keep it; in the journal
    };

    [[nodiscard]] static const Work& work_of(const Block& block);
    void send(const Block& block);
    void keep(Block& block);
    void settle(Block& block, Outcome::Status status);
    void answer(Block& block, Outcome outcome);
    void give_up(Block& block, const char* why);
    void say(event::Severity severity, std::string text);
    [[nodiscard]] node::PendingBlock entry_of(const Block& block, std::string hex) const;

    Where where_;
    node::Journal journal_;
    std::vector<Action>& actions_;
    std::list<Block> blocks_;
    unsigned unanswered_ = 0;
};

}  // namespace lode::source::provider
