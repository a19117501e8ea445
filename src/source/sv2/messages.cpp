#include "source/sv2/messages.h"

namespace lode::source::sv2 {

Result<std::optional<PoolMessage>> parse_pool_message(const Frame& frame) {
    return parse_one_of<PoolMessage>(frame);
}

}  // namespace lode::source::sv2
