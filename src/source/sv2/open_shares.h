// Shares sent and not answered yet. A pool acknowledges several at once, and refuses them individually.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "lode/source.h"

namespace lode::source::sv2 {

class OpenShares {
 public:
    struct Share {
        std::uint32_t sequence = 0;
        Solution solution;
        SubmitCallback callback;
    };

    // The sequence number to send it with: 0, 1, 2, … modulo 2^32.
    std::uint32_t add(Solution solution, SubmitCallback callback);
    // Removes and returns those up to the last one, oldest first; none if it was never sent.
    std::deque<Share> accept_up_to(std::uint32_t last);
    std::optional<Share> refuse(std::uint32_t sequence);
    // Removes the oldest, while there are more than `most`.
    std::optional<Share> give_up_over(std::size_t most);
    std::deque<Share> clear();
    [[nodiscard]] std::size_t size() const { return shares_.size(); }

 private:
    std::deque<Share> shares_;  // by sequence number
    std::uint32_t next_ = 0;
};

}  // namespace lode::source::sv2
