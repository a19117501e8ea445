// The input of every answer, at one moment.
#pragma once

#include <string>
#include <vector>

#include "cgminer_api/ledger.h"
#include "lode/snapshot.h"

namespace lode::cgminer_api {

// Mean hashes a second over the last so many seconds, or over what there is of them.
struct MeanRates {
    double over_5s = 0, over_1min = 0, over_5min = 0, over_15min = 0;
};

struct View {
    Snapshot snapshot;
    Accounts accounts;
    MeanRates rates;
    std::vector<MeanRates> device_rates;  // as snapshot.devices
};

}  // namespace lode::cgminer_api
