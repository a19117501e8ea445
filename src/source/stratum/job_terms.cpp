#include "source/stratum/job_terms.h"

#include <utility>

namespace lode::source::stratum {

Result<bool> JobTerms::set_difficulty(double difficulty) {
    if (next_.difficulty_stated && difficulty == next_.difficulty) return false;
    if (const auto target = share_target(difficulty); !target) return tl::unexpected(target.error());
    next_.difficulty = difficulty;
    next_.difficulty_stated = true;
    return true;
}

bool JobTerms::set_mask(std::uint32_t offered) {
    const std::uint32_t mask = offered & wanted_mask_;
    return std::exchange(next_.version_mask, mask) != mask;
}

void JobTerms::set_extranonce(Extranonce extranonce) {
    next_.extranonce = std::move(extranonce);
    next_.extranonce_given = true;
}

Terms JobTerms::current(Terms bound) const {
    bound.version_mask = next_.version_mask;
    bound.share_target_required |= next_.share_target_required;
    if (difficulty_at_once_ || !bound.difficulty_stated) {
        bound.difficulty = next_.difficulty;
        bound.difficulty_stated = next_.difficulty_stated;
    }
    if (!bound.extranonce_given) {
        bound.extranonce = next_.extranonce;
        bound.extranonce_given = next_.extranonce_given;
    }
    return bound;
}

}  // namespace lode::source::stratum
