// Which templates still count, and how long to bear with a node: decisions without I/O.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "source/node/rpc.h"
#include "source/node/template.h"

namespace lode::source::node {

// Answers of two connections overtake each other, and a block of our own makes a template old before it
// arrives.
class Freshness {
 public:
    // What was known when a template was asked for.
    struct Asked {
        std::uint64_t judged = 0, taken = 0;
    };
    [[nodiscard]] Asked now() const { return {judged_, taken_}; }
    // Overtaken: only a template that is asked for now can tell what the tip is.
    [[nodiscard]] bool outdated(const Template& work, Asked asked) const {
        const bool before_our_block = asked.judged != judged_ && work.height <= judged_height_;
        const bool before_last =
            asked.taken != taken_ && work.prev != last_->prev && work.height <= last_->height;
        return before_our_block || before_last;
    }
    // Where the height does not follow from the last template's, the node must confirm it.
    [[nodiscard]] bool jumps(const Template& work) const { return last_ && !height_follows(*last_, work); }

    void took(TemplatePtr work) {
        last_ = std::move(work);
        ++taken_;
    }
    // The node has judged a block of ours.
    void judged(std::int64_t height) {
        judged_height_ = std::max(judged_height_, height);
        ++judged_;
    }
    [[nodiscard]] const TemplatePtr& last() const { return last_; }

 private:
    TemplatePtr last_;
    std::uint64_t taken_ = 0, judged_ = 0;
    std::int64_t judged_height_ = 0;  // the highest
};

// A node that is down is waited for as long as the options say; nonsense from the start is no node.
class Patience {
 public:
    explicit Patience(int retries) : retries_(retries) {}

    // One more failure; true where another attempt has no point.
    bool spent(const RpcFailure& failure) {
        ++failures_;
        nonsense_ = failure.error.kind == ErrorKind::Unreachable ? 0 : nonsense_ + 1;
        const bool refused = failure.unauthorized() && failure.error.kind == ErrorKind::Refused;
        return refused || (!served_ && nonsense_ >= kNonsense) || (retries_ >= 0 && failures_ > retries_);
    }
    void good() {
        failures_ = nonsense_ = 0;
        served_ = true;
    }

 private:
    static constexpr int kNonsense = 3;  // attempts
    int retries_;
    int failures_ = 0, nonsense_ = 0;  // in a row
    bool served_ = false;              // it has given good work
};

}  // namespace lode::source::node
