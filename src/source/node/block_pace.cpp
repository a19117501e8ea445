#include "source/node/block_pace.h"

#include <utility>

namespace lode::source::node {

BlockPace::Clock::time_point BlockPace::may_begin(const Hash256& parent, Clock::time_point now) {
    if (parent_ == parent) return begin_;
    begin_ = now;
    if (std::exchange(parent_, parent) && interval_.count() > 0) {
        const double mean = static_cast<double>(interval_.count());
        const double pause = poisson_ ? std::exponential_distribution<double>(1 / mean)(random_) : mean;
        begin_ += std::chrono::milliseconds(static_cast<std::int64_t>(pause));
    }
    return begin_;
}

}  // namespace lode::source::node
