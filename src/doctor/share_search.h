// A share, or a hash that misses, for an examination: a few million hashes on the thread that asks.
#pragma once

#include <cstdint>
#include <optional>

#include "lode/job.h"

namespace lode::doctor {

enum class Hit { Share, Miss };

// A nonce of the job's first roll without version bits. A share is searched for only where it is likely found
// in a second or two.
std::optional<std::uint32_t> find_nonce(const Job& job, Hit wanted);

}  // namespace lode::doctor
