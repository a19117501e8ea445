// How values are written in cgminer's records.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>

#include "cgminer_api/ledger.h"
#include "lode/snapshot.h"

namespace lode::cgminer_api {

// Always finite: JSON has no other numbers, and clients fail on them.
inline double rounded(double value) {
    return std::isfinite(value) ? std::round(value * 1e4) / 1e4 : 0;
}
inline double mega(double value) {
    return rounded(value / 1e6);
}
inline double giga(double value) {  // as exact
    return std::isfinite(value) ? std::round(value / 100) / 1e7 : 0;
}
inline double ratio(double part, double whole) {
    return whole > 0 ? part / whole : 0;
}
inline double percent(double part, double whole) {
    return rounded(100 * ratio(part, whole));
}
inline std::int64_t epoch(WallTime time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}
inline std::int64_t whole(double value) {
    return value >= 0 && value < 9e18 ? static_cast<std::int64_t>(value) : 0;
}
inline double elapsed_seconds(const Snapshot& snapshot) {
    return std::chrono::duration<double>(snapshot.uptime).count();
}
inline double a_minute(double count, const Snapshot& snapshot) {
    return rounded(ratio(60 * count, elapsed_seconds(snapshot)));
}
// Hashes as shares of difficulty 1, which take 2^32 each on average.
inline double difficulty_one_shares(std::uint64_t hashes) {
    return static_cast<double>(hashes) / 4294967296.0;
}
inline const char* yes_no(bool yes) {
    return yes ? "Y" : "N";
}

}  // namespace lode::cgminer_api
