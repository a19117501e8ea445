// An examination of a node's JSON-RPC, as far as mining needs it.
#pragma once

#include <memory>

#include "doctor/doctor.h"

namespace lode::doctor {

Result<std::unique_ptr<Examination>> examine_node(const util::Url& url, const Options& options,
                                                  const boost::asio::any_io_executor& executor);

}  // namespace lode::doctor
