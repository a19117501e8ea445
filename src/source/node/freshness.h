// Decides which templates are outdated. Without I/O.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "source/node/template.h"

namespace lode::source::node {

// Answers on two connections may overtake each other, and a block of our own outdates templates that are on
// their way.
class Freshness {
 public:
    // The state when a template was requested.
    struct Asked {
        std::uint64_t replies = 0, taken = 0;
    };
    [[nodiscard]] Asked now() const { return {replies_, taken_}; }
    // Whether it was overtaken: only a template requested now shows the current tip.
    [[nodiscard]] bool outdated(const Template& work, Asked asked) const {
        const bool before_our_block = asked.replies != replies_ && work.height <= replied_height_;
        const bool before_last =
            asked.taken != taken_ && work.prev != last_->prev && work.height <= last_->height;
        return before_our_block || before_last;
    }
    // Whether the height does not follow from the last template's, so that the node must confirm it.
    [[nodiscard]] bool jumps(const Template& work) const { return last_ && !height_follows(*last_, work); }

    void took(TemplatePtr work) {
        last_ = std::move(work);
        ++taken_;
    }
    // The node has answered for a block of ours.
    void replied(std::int64_t height) {
        replied_height_ = std::max(replied_height_, height);
        ++replies_;
    }
    [[nodiscard]] const TemplatePtr& last() const { return last_; }

 private:
    TemplatePtr last_;
    std::uint64_t taken_ = 0, replies_ = 0;
    std::int64_t replied_height_ = 0;  // the highest
};

}  // namespace lode::source::node
