#include "lode/seal.h"

#include <utility>

#include "work/roll.h"

namespace lode {

JobPtr seal(Job job) {
    return work::seal(std::move(job));
}

}  // namespace lode
