// The rules that Sv2Exam holds a pool to.
#pragma once

#include "doctor/report.h"

namespace lode::doctor::sv2_rules {

inline constexpr Rule kSetup{"setup", "SetupConnection is answered with Success or Error",
                             "Stratum V2, 3.6.1"};
inline constexpr Rule kVersion{"version", "the version used is one that was offered", "Stratum V2, 3.6.2"};
inline constexpr Rule kFlags{"setup-flags",
                             "REQUIRES_FIXED_VERSION is not set where version rolling was required",
                             "Stratum V2, 5.3.1"};
inline constexpr Rule kExtended{"extended-channel", "an extended channel can be opened", "Stratum V2, 5.2.2"};
inline constexpr Rule kStandard{"standard-channel", "a standard channel can be opened", "Stratum V2, 5.2.2"};
inline constexpr Rule kRequestId{"request-id", "an answer carries the request_id of its request",
                                 "Stratum V2, 5.3.3"};
inline constexpr Rule kChannelIds{"channel-ids", "ids of channels and groups are unique in a connection",
                                  "Stratum V2, 5.2 and 5.2.3"};
inline constexpr Rule kTarget{"target", "the target is above zero and at most the max_target asked for",
                              "Stratum V2, 5.3.2"};
inline constexpr Rule kExtranonce{"extranonce", "extranonce_size is what was asked for or more",
                                  "Stratum V2, 5.3.4"};
inline constexpr Rule kExtranonceSum{"extranonce-sum", "prefix and extranonce have 32 bytes at most",
                                     "Stratum V2, 5.1.2.1"};
inline constexpr Rule kGroupSize{
    "group-extranonce", "all channels of a group have extranonces of the same size", "Stratum V2, 5.2.3"};
inline constexpr Rule kAddressed{"addressed", "messages go to channels and groups that are open",
                                 "Stratum V2, 5.2"};
inline constexpr Rule kFirstJob{"first-work", "every channel gets work", "Stratum V2, 5.3.15"};
inline constexpr Rule kRate{"job-rate", "how often jobs and new blocks come", "counted"};
inline constexpr Rule kUpdate{
    "update-channel", "a smaller maximum_target is followed by a SetTarget within it", "Stratum V2, 5.3.7"};
inline constexpr Rule kReconnect{"reconnect", "Reconnect names a host, or nothing", "Stratum V2, 3.6.5"};
inline constexpr Rule kMessages{"messages", "messages have all of their fields", "Stratum V2, 3.1"};
inline constexpr Rule kChannelBit{"channel-bit", "the channel_msg bit is set for messages of a channel only",
                                  "Stratum V2, 3.2.1 and 8"};
inline constexpr Rule kExtension{"extension", "no message of an extension that was not negotiated",
                                 "Stratum V2, 3.4.2"};
inline constexpr Rule kUnknown{"unknown-type", "only messages that a pool sends", "Stratum V2, 8"};
inline constexpr Rule kCodes{"error-codes", "codes have no control characters", "Stratum V2, 3.5"};
inline constexpr Rule kStays{"stays", "the pool keeps the connection and its channels open",
                             "Stratum V2, 5.2"};

}  // namespace lode::doctor::sv2_rules
