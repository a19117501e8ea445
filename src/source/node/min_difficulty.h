// Blocks of the lowest difficulty on purpose, where a testnet's rule allows them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "source/node/node_link.h"
#include "source/node/template.h"

namespace lode::source::node {

// The network has such a rule: more than 20 minutes after the previous block the easiest target is allowed,
// but not at a retarget (Bitcoin Core, GetNextWorkRequired).
[[nodiscard]] bool has_min_difficulty_rule(std::string_view network);

// The template with its time moved just past those 20 minutes, and the easiest target. Nothing where that
// gives nothing, or where nodes would not take it yet: a block's time is at most two hours ahead of the
// clock, which is the template's. parent_time: of the previous block.
[[nodiscard]] std::optional<Template> with_min_difficulty(const Template& work, std::string_view network,
                                                          std::uint32_t parent_time);

// Applies that to a node's templates. Used on the io thread.
class MinDifficulty {
 public:
    // enabled: else every template passes as it is. Failures go to the link.
    MinDifficulty(NodeLink& link, bool enabled) : link_(link), enabled_(enabled) {}

    [[nodiscard]] Result<void> set_network(const std::string& network);
    // Calls next with the template to mine: at once, or after asking the node for the previous block's time.
    void apply(const TemplatePtr& work, const std::function<void(const TemplatePtr&)>& next);

 private:
    [[nodiscard]] TemplatePtr eased(const TemplatePtr& work) const;

    NodeLink& link_;
    const bool enabled_;
    std::string network_;
    Hash256 parent_;  // whose time is known
    std::uint32_t parent_time_ = 0;
};

}  // namespace lode::source::node
