// Wall time.
#pragma once

#include <chrono>
#include <cstdint>

namespace lode::util {

// Seconds since 1970, as block headers count them.
inline std::int64_t unix_time() {
    using namespace std::chrono;
    return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace lode::util
