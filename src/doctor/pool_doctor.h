// Examinations of a pool over a socket.
#pragma once

#include <memory>

#include "doctor/doctor.h"
#include "doctor/exam.h"

namespace lode::doctor {

// Of Stratum V1. Usage: no port, no user, an address that is none.
Result<std::unique_ptr<Examination>> examine_pool(const util::Url& url, const Options& options,
                                                  const boost::asio::any_io_executor& executor);

// Of Stratum V2. Usage: the same, or no key of the pool.
Result<std::unique_ptr<Examination>> examine_sv2_pool(const util::Url& url, const Options& options,
                                                      const boost::asio::any_io_executor& executor);

// What both work with; the same errors.
Result<PoolExamOptions> pool_exam_options(const util::Url& url, const Options& options);

}  // namespace lode::doctor
