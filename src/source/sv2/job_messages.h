// Messages that say what a mining channel is to work on (the specification, 5.3). Version and time are the
// header's numbers, hashes in internal order.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "source/sv2/wire.h"

namespace lode::source::sv2 {

// Of a standard channel.
struct NewMiningJob {
    static constexpr std::uint8_t kType = 0x15;
    static constexpr bool kChannel = true;
    static constexpr const char* kName = "NewMiningJob";

    std::uint32_t channel = 0;
    std::uint32_t job = 0;
    std::optional<std::uint32_t> min_ntime;  // none: a future job
    std::uint32_t version = 0;
    Hash256 merkle_root;

    static void fields(auto& self, auto& archive) {
        archive(self.channel, "channel_id");
        archive(self.job, "job_id");
        archive(self.min_ntime, "min_ntime");
        archive(self.version, "version");
        archive(self.merkle_root, "merkle_root");
    }
};

// Of an extended channel or a group.
struct NewExtendedMiningJob {
    static constexpr std::uint8_t kType = 0x1f;
    static constexpr bool kChannel = true;
    static constexpr const char* kName = "NewExtendedMiningJob";

    std::uint32_t channel = 0;
    std::uint32_t job = 0;
    std::optional<std::uint32_t> min_ntime;  // none: a future job
    std::uint32_t version = 0;
    bool version_rolling = false;
    std::vector<Hash256> path;
    Bytes coinbase_prefix;
    Bytes coinbase_suffix;

    static void fields(auto& self, auto& archive) {
        archive(self.channel, "channel_id");
        archive(self.job, "job_id");
        archive(self.min_ntime, "min_ntime");
        archive(self.version, "version");
        archive(self.version_rolling, "version_rolling_allowed");
        archive(self.path, "merkle_path");
        archive(self.coinbase_prefix, "coinbase_tx_prefix", Limit::B0_64K);
        archive(self.coinbase_suffix, "coinbase_tx_suffix", Limit::B0_64K);
    }
};

// Activates a future job; every other job becomes invalid.
struct SetNewPrevHash {
    static constexpr std::uint8_t kType = 0x20;
    static constexpr bool kChannel = true;
    static constexpr const char* kName = "SetNewPrevHash";

    std::uint32_t channel = 0;
    std::uint32_t job = 0;
    Hash256 prev;
    std::uint32_t min_ntime = 0;
    std::uint32_t bits = 0;

    static void fields(auto& self, auto& archive) {
        archive(self.channel, "channel_id");
        archive(self.job, "job_id");
        archive(self.prev, "prev_hash");
        archive(self.min_ntime, "min_ntime");
        archive(self.bits, "nbits");
    }
};

}  // namespace lode::source::sv2
