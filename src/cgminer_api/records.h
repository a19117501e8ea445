// The records of cgminer's API, field by field: names, types and units of its API-README, version 3.7. Rates
// are MH/s (GH/s where the name says so), times seconds, absolute ones since 1970, differences of difficulty
// 1 for a difficulty.
#pragma once

#include <cstddef>
#include <vector>

#include "cgminer_api/answer.h"
#include "cgminer_api/view.h"

namespace lode::cgminer_api {

inline constexpr const char* kApiVersion = "3.7";

Record version_record();
Record summary_record(const View& view);
Record config_record(const View& view);
Record coin_record(const View& view);
// One a device. The index is that of the snapshot.
Record device_record(const View& view, std::size_t index);
Record device_details_record(const View& view, std::size_t index);
Record notify_record(const View& view, std::size_t index);
// One a source.
Record pool_record(const View& view, std::size_t index);
// One a device, then one a source.
std::vector<Record> stats_records(const View& view);

}  // namespace lode::cgminer_api
