#include "engine/observers.h"

#include <algorithm>
#include <cstddef>

namespace lode::engine {

void Observers::remove(const Observer& observer) {
    std::ranges::replace(list_, &observer, nullptr);
    if (notifying_ == 0) std::erase(list_, nullptr);
}

void Observers::notify(const Event& event) {
    ++notifying_;
    const std::size_t count = list_.size();  // those added meanwhile receive the next event
    for (std::size_t i = 0; i < count; ++i)
        if (list_[i] != nullptr) list_[i]->on(event);
    if (--notifying_ == 0) std::erase(list_, nullptr);
}

}  // namespace lode::engine
