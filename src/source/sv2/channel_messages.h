// Messages that open, change and close a mining channel (the specification, 5.3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "source/sv2/wire.h"

namespace lode::source::sv2 {

struct OpenStandardChannel {
    static constexpr std::uint8_t kType = 0x10;
    static constexpr bool kChannel = false;
    static constexpr const char* kName = "OpenStandardMiningChannel";

    std::uint32_t request = 0;
    std::string user;
    float hashrate = 0;  // hashes per second
    Uint256 max_target;

    static void fields(auto& self, auto& archive) {
        archive(self.request, "request_id");
        archive(self.user, "user_identity");
        archive(self.hashrate, "nominal_hash_rate");
        archive(self.max_target, "max_target");
    }
};

struct OpenStandardChannelSuccess {
    static constexpr std::uint8_t kType = 0x11;
    static constexpr bool kChannel = false;
    static constexpr const char* kName = "OpenStandardMiningChannel.Success";

    std::uint32_t request = 0;
    std::uint32_t channel = 0;
    Uint256 target;
    Bytes prefix;
    std::optional<std::uint32_t> group;  // absent at older servers

    static void fields(auto& self, auto& archive) {
        archive(self.request, "request_id");
        archive(self.channel, "channel_id");
        archive(self.target, "target");
        archive(self.prefix, "extranonce_prefix", Limit::B0_32);
        archive.trailing(self.group, "group_channel_id");
    }
};

struct OpenExtendedChannel {
    static constexpr std::uint8_t kType = 0x13;
    static constexpr bool kChannel = false;
    static constexpr const char* kName = "OpenExtendedMiningChannel";

    std::uint32_t request = 0;
    std::string user;
    float hashrate = 0;  // hashes per second
    Uint256 max_target;
    std::uint16_t min_extranonce_size = 0;

    static void fields(auto& self, auto& archive) {
        archive(self.request, "request_id");
        archive(self.user, "user_identity");
        archive(self.hashrate, "nominal_hash_rate");
        archive(self.max_target, "max_target");
        archive(self.min_extranonce_size, "min_extranonce_size");
    }
};

struct OpenExtendedChannelSuccess {
    static constexpr std::uint8_t kType = 0x14;
    static constexpr bool kChannel = false;
    static constexpr const char* kName = "OpenExtendedMiningChannel.Success";

    std::uint32_t request = 0;
    std::uint32_t channel = 0;
    Uint256 target;
    std::uint16_t extranonce_size = 0;  // of the part that the client rolls
    Bytes prefix;
    std::optional<std::uint32_t> group;  // absent at older servers

    static void fields(auto& self, auto& archive) {
        archive(self.request, "request_id");
        archive(self.channel, "channel_id");
        archive(self.target, "target");
        archive(self.extranonce_size, "extranonce_size");
        archive(self.prefix, "extranonce_prefix", Limit::B0_32);
        archive.trailing(self.group, "group_channel_id");
    }
};

struct OpenChannelError {
    static constexpr std::uint8_t kType = 0x12;
    static constexpr bool kChannel = false;
    static constexpr const char* kName = "OpenMiningChannel.Error";

    std::uint32_t request = 0;
    std::string code;

    static void fields(auto& self, auto& archive) {
        archive(self.request, "request_id");
        archive(self.code, "error_code");
    }
};

struct UpdateChannel {
    static constexpr std::uint8_t kType = 0x16;
    static constexpr bool kChannel = true;
    static constexpr const char* kName = "UpdateChannel";

    std::uint32_t channel = 0;
    float hashrate = 0;  // hashes per second
    Uint256 max_target;

    static void fields(auto& self, auto& archive) {
        archive(self.channel, "channel_id");
        archive(self.hashrate, "nominal_hash_rate");
        archive(self.max_target, "maximum_target");
    }
};

struct UpdateChannelError {
    static constexpr std::uint8_t kType = 0x17;
    static constexpr bool kChannel = true;
    static constexpr const char* kName = "UpdateChannel.Error";

    std::uint32_t channel = 0;
    std::string code;

    static void fields(auto& self, auto& archive) {
        archive(self.channel, "channel_id");
        archive(self.code, "error_code");
    }
};

struct CloseChannel {
    static constexpr std::uint8_t kType = 0x18;
    static constexpr bool kChannel = true;
    static constexpr const char* kName = "CloseChannel";

    std::uint32_t channel = 0;
    std::string reason;

    static void fields(auto& self, auto& archive) {
        archive(self.channel, "channel_id");
        archive(self.reason, "reason_code");
    }
};

// Applies to later jobs.
struct SetExtranoncePrefix {
    static constexpr std::uint8_t kType = 0x19;
    static constexpr bool kChannel = true;
    static constexpr const char* kName = "SetExtranoncePrefix";

    std::uint32_t channel = 0;
    Bytes prefix;

    static void fields(auto& self, auto& archive) {
        archive(self.channel, "channel_id");
        archive(self.prefix, "extranonce_prefix", Limit::B0_32);
    }
};

// Binds to future jobs, also to those already here, and to later ones.
struct SetTarget {
    static constexpr std::uint8_t kType = 0x21;
    static constexpr bool kChannel = true;
    static constexpr const char* kName = "SetTarget";

    std::uint32_t channel = 0;
    Uint256 target;

    static void fields(auto& self, auto& archive) {
        archive(self.channel, "channel_id");
        archive(self.target, "maximum_target");
    }
};

struct SetGroupChannel {
    static constexpr std::uint8_t kType = 0x25;
    static constexpr bool kChannel = false;
    static constexpr const char* kName = "SetGroupChannel";

    std::uint32_t group = 0;
    std::vector<std::uint32_t> channels;

    static void fields(auto& self, auto& archive) {
        archive(self.group, "group_channel_id");
        archive(self.channels, "channel_ids");
    }
};

}  // namespace lode::source::sv2
