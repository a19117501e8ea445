// What a job's coinbase states: a transaction, its height, whom it pays.
#pragma once

#include "doctor/job_exam.h"

namespace lode::doctor {

// The job must give its coinbase, not a merkle root.
void examine_coinbase(const Job& job, const JobExamOptions& options, Report& report);

// nTime as a job states it, seconds since 1970, held against the clock.
void examine_time(std::uint32_t time, const JobExamOptions& options, Report& report);

}  // namespace lode::doctor
