// The input of every answer, at one moment.
#pragma once

#include <string>
#include <vector>

#include "cgminer_api/ledger.h"
#include "lode/snapshot.h"

namespace lode::cgminer_api {

// A source, as the user named it. None of it is secret.
struct Pool {
    std::string name;  // WorkSource::name(): URL without credentials, or "local"
    std::string user;
};

// Mean hashes a second over the last so many seconds, or over what there is of them.
struct MeanRates {
    double over_5s = 0, over_1min = 0, over_5min = 0, over_15min = 0;
};

struct View {
    std::vector<Pool> pools;  // in order of preference, at least one
    std::string proxy;        // host:port; empty: none
    Snapshot snapshot;
    Accounts accounts;  // of the same pools
    MeanRates rates;
    std::vector<MeanRates> device_rates;  // as snapshot.devices
};

}  // namespace lode::cgminer_api
