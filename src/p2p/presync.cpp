#include "p2p/presync.h"

#include <algorithm>
#include <utility>

#include "chain/rules.h"
#include "chain/target.h"

namespace lode::p2p {

Chain::Place after(Chain::Place start, std::span<const BlockHeader> headers) {
    Uint256 work;
    std::uint32_t bits = 0;  // of which `work` is the work: nBits rarely change
    for (const auto& header : headers) {
        if (std::exchange(bits, header.bits) != header.bits) work = chain::work_of_bits(header.bits);
        start.work += work;
    }
    start.height += static_cast<std::int64_t>(headers.size());
    start.bits = headers.back().bits;
    return start;
}

Presync::State Presync::count(std::span<const BlockHeader> headers, const Hash256& end,
                              const Uint256& threshold) {
    if (!permitted(headers)) return State::BadBits;
    place_ = after(place_, headers);
    next_ = end;
    ends_.push_back(end);
    if (place_.work >= threshold) {
        enough_ = true;
        next_ = start_;
        place_ = start_place_;
        return State::Enough;
    }
    if (headers.size() < kMaxHeaders) return State::Weak;
    return ends_.size() < kMaxMessages ? State::Counting : State::TooLong;
}

bool Presync::confirm(std::span<const BlockHeader> headers, std::span<const Hash256> hashes) {
    if (done() || std::ranges::find(hashes, ends_[confirmed_]) == hashes.end()) return false;
    place_ = after(place_, headers);
    next_ = hashes.back();
    ++confirmed_;
    return true;
}

bool Presync::permitted(std::span<const BlockHeader> headers) const {
    std::int64_t height = place_.height;
    std::uint32_t bits = place_.bits;
    return std::ranges::all_of(headers, [&](const BlockHeader& header) {
        return chain::permitted_change(*network_, ++height, std::exchange(bits, header.bits), header.bits);
    });
}

}  // namespace lode::p2p
