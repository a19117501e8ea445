#include "chain/p2p/presync.h"

#include <algorithm>

#include "chain/target.h"

namespace lode::p2p {

Uint256 work_of(std::span<const BlockHeader> headers) {
    Uint256 sum;
    for (const auto& header : headers) sum += chain::work_of_bits(header.bits);
    return sum;
}

Presync::State Presync::count(std::span<const BlockHeader> headers, const Hash256& end,
                              const Uint256& threshold) {
    work_ += work_of(headers);
    ends_.push_back(end);
    next_ = end;
    if (work_ >= threshold) {
        enough_ = true;
        next_ = start_;
        work_ = start_work_;
        return State::Enough;
    }
    if (headers.size() < kMaxHeaders) return State::Weak;
    return ends_.size() < kMaxMessages ? State::Counting : State::TooLong;
}

bool Presync::confirm(std::span<const BlockHeader> headers, std::span<const Hash256> hashes) {
    if (done() || std::ranges::find(hashes, ends_[confirmed_]) == hashes.end()) return false;
    work_ += work_of(headers);
    ++confirmed_;
    next_ = hashes.back();
    return true;
}

}  // namespace lode::p2p
