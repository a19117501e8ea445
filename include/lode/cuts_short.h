// What a device implements besides Device if it can stop its scans within a fraction of a millisecond.
#pragma once

#include <cstdint>

namespace lode {

class CutsShort {
 public:
    CutsShort() = default;
    CutsShort(const CutsShort&) = delete;
    CutsShort& operator=(const CutsShort&) = delete;

    // Any thread: the outstanding scans are for nothing, as there is new work. collect() then returns what
    // they have found so far.
    virtual void cut_short() = 0;
    // Nonces of the scan that collect() returned last which were left out because of that.
    [[nodiscard]] virtual std::uint64_t left_out() const = 0;

 protected:
    ~CutsShort() = default;
};

}  // namespace lode
