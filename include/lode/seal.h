// For custom work sources: prepares a job for publishing.
#pragma once

#include "lode/job.h"

namespace lode {

// Gives the job a search space over everything that may roll in it (extranonce2, version bits, time), unless
// it shares another job's already, and makes it immutable. Any thread.
JobPtr seal(Job job);

}  // namespace lode
