// Shares and their answers (the specification, 5.3). Version and time are the header's numbers.
#pragma once

#include <cstdint>
#include <string>

#include "source/sv2/wire.h"

namespace lode::source::sv2 {

struct SubmitSharesStandard {
    static constexpr std::uint8_t kType = 0x1a;
    static constexpr bool kChannel = true;
    static constexpr const char* kName = "SubmitSharesStandard";

    std::uint32_t channel = 0;
    std::uint32_t sequence = 0;
    std::uint32_t job = 0;
    std::uint32_t nonce = 0;
    std::uint32_t ntime = 0;
    std::uint32_t version = 0;

    static void fields(auto& self, auto& archive) {
        archive(self.channel, "channel_id");
        archive(self.sequence, "sequence_number");
        archive(self.job, "job_id");
        archive(self.nonce, "nonce");
        archive(self.ntime, "ntime");
        archive(self.version, "version");
    }
};

struct SubmitSharesExtended {
    static constexpr std::uint8_t kType = 0x1b;
    static constexpr bool kChannel = true;
    static constexpr const char* kName = "SubmitSharesExtended";

    std::uint32_t channel = 0;
    std::uint32_t sequence = 0;
    std::uint32_t job = 0;
    std::uint32_t nonce = 0;
    std::uint32_t ntime = 0;
    std::uint32_t version = 0;
    Bytes extranonce;

    static void fields(auto& self, auto& archive) {
        archive(self.channel, "channel_id");
        archive(self.sequence, "sequence_number");
        archive(self.job, "job_id");
        archive(self.nonce, "nonce");
        archive(self.ntime, "ntime");
        archive(self.version, "version");
        archive(self.extranonce, "extranonce", Limit::B0_32);
    }
};

// Settles every open share up to the last sequence number.
struct SubmitSharesSuccess {
    static constexpr std::uint8_t kType = 0x1c;
    static constexpr bool kChannel = true;
    static constexpr const char* kName = "SubmitShares.Success";

    std::uint32_t channel = 0;
    std::uint32_t last_sequence = 0;
    std::uint32_t count = 0;
    std::uint64_t sum = 0;  // of difficulties rounded down: 0 below difficulty 1

    static void fields(auto& self, auto& archive) {
        archive(self.channel, "channel_id");
        archive(self.last_sequence, "last_sequence_number");
        archive(self.count, "new_submits_accepted_count");
        archive(self.sum, "new_shares_sum");
    }
};

struct SubmitSharesError {
    static constexpr std::uint8_t kType = 0x1d;
    static constexpr bool kChannel = true;
    static constexpr const char* kName = "SubmitShares.Error";

    std::uint32_t channel = 0;
    std::uint32_t sequence = 0;
    std::string code;

    static void fields(auto& self, auto& archive) {
        archive(self.channel, "channel_id");
        archive(self.sequence, "sequence_number");
        archive(self.code, "error_code");
    }
};

}  // namespace lode::source::sv2
