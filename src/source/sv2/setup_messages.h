// The messages common to all Stratum V2 protocols (the specification, 3.6).
#pragma once

#include <cstdint>
#include <string>

#include "source/sv2/wire.h"

namespace lode::source::sv2 {

inline constexpr std::uint16_t kVersion = 2;

struct SetupConnection {
    static constexpr std::uint8_t kType = 0x00;
    static constexpr bool kChannel = false;
    static constexpr const char* kName = "SetupConnection";
    // flags of the mining protocol
    static constexpr std::uint32_t kStandardJobs = 1u << 0, kWorkSelection = 1u << 1,
                                   kVersionRolling = 1u << 2;
    enum Protocol : std::uint8_t { Mining = 0, JobDeclaration = 1, TemplateDistribution = 2 };

    std::uint8_t protocol = Mining;
    std::uint16_t min_version = kVersion, max_version = kVersion;
    std::uint32_t flags = 0;
    std::string host;
    std::uint16_t port = 0;
    std::string vendor, hardware, firmware, device;

    static void fields(auto& self, auto& archive) {
        archive(self.protocol, "protocol");
        archive(self.min_version, "min_version");
        archive(self.max_version, "max_version");
        archive(self.flags, "flags");
        archive(self.host, "endpoint_host");
        archive(self.port, "endpoint_port");
        archive(self.vendor, "vendor");
        archive(self.hardware, "hardware_version");
        archive(self.firmware, "firmware");
        archive(self.device, "device_id");
    }
};

struct SetupConnectionSuccess {
    static constexpr std::uint8_t kType = 0x01;
    static constexpr bool kChannel = false;
    static constexpr const char* kName = "SetupConnection.Success";
    // flags of the mining protocol
    static constexpr std::uint32_t kFixedVersion = 1u << 0, kExtendedChannelsOnly = 1u << 1;

    std::uint16_t used_version = 0;
    std::uint32_t flags = 0;

    static void fields(auto& self, auto& archive) {
        archive(self.used_version, "used_version");
        archive(self.flags, "flags");
    }
};

struct SetupConnectionError {
    static constexpr std::uint8_t kType = 0x02;
    static constexpr bool kChannel = false;
    static constexpr const char* kName = "SetupConnection.Error";

    std::uint32_t flags = 0;  // those not supported
    std::string code;

    static void fields(auto& self, auto& archive) {
        archive(self.flags, "flags");
        archive(self.code, "error_code");
    }
};

struct Reconnect {
    static constexpr std::uint8_t kType = 0x04;
    static constexpr bool kChannel = false;
    static constexpr const char* kName = "Reconnect";

    std::string host;        // empty: the same
    std::uint16_t port = 0;  // 0: the same

    static void fields(auto& self, auto& archive) {
        archive(self.host, "new_host");
        archive(self.port, "new_port");
    }
};

}  // namespace lode::source::sv2
