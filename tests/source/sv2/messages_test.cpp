// Messages against recorded frames of a real pool, and invalid ones.
#include "source/sv2/messages.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/sv2/vectors.h"

namespace lode::source::sv2 {
namespace {

using ::testing::HasSubstr;
using util::to_hex;

template <typename Message>
std::string bytes_of(const Message& message) {
    return to_hex(to_frame(message).payload);
}

template <typename Message>
Message read(const std::string& hex) {
    const auto message = parse<Message>(from_hex(hex));
    if (!message) throw std::runtime_error(message.error().text());
    return *message;
}

template <typename Message>
std::string fault(const std::string& hex) {
    const auto message = parse<Message>(from_hex(hex));
    return message ? "" : message.error().text();
}

TEST(Sv2Messages, FieldsOfARecordedSession) {
    const auto opened = read<OpenExtendedChannelSuccess>(
        "0700000001000000cdfdb1aeb93fd635f7c7bae6fe58d7dc1feb9afb635d737fac6baec7c310000008000400000001000000"
        "00");
    EXPECT_EQ(opened.request, 7u);
    EXPECT_EQ(opened.channel, 1u);
    EXPECT_EQ(opened.target.to_hex(), "000010c3c7ae6bac7f735d63fb9aeb1fdcd758fee6bac7f735d63fb9aeb1fdcd");
    EXPECT_EQ(opened.extranonce_size, 8);
    EXPECT_EQ(opened.prefix, (Bytes{0, 0, 0, 1}));
    EXPECT_EQ(opened.group, 0u);
    const auto prev = read<SetNewPrevHash>(
        "010000000100000072a7a6b455734e458bd74c458dd442bd0b973a390d436e1bbd12b19eb1d86a38f8bc066bffff7f20");
    EXPECT_EQ(prev.prev.hex(), "386ad8b19eb112bd1b6e430d393a970bbd42d48d454cd78b454e7355b4a6a772");
    EXPECT_EQ(prev.min_ntime, 1795603704u);
    EXPECT_EQ(prev.bits, 0x207fffffu);
    const auto job = read<NewMiningJob>(
        "02000000080000000000000020abc894b95ffac3964edcdf6c5b813d9a6ff1fd17aac8cf6735addf9d899100e5");
    EXPECT_FALSE(job.min_ntime);
    EXPECT_EQ(job.version, 0x20000000u);
    EXPECT_EQ(to_hex(job.merkle_root.bytes),
              "abc894b95ffac3964edcdf6c5b813d9a6ff1fd17aac8cf6735addf9d899100e5");
}

// Each frame read and written again is the same frame.
TEST(Sv2Messages, RecordedFramesComeBackByteForByte) {
    int frames = 0;
    for (const char* name : {"sv2/transcript_extended.txt", "sv2/transcript_standard.txt"}) {
        LODE_DATA(text, read_data(name));
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) {
            if (!line.starts_with("-> ") && !line.starts_with("<- ")) continue;
            const auto type = *util::hex_u32(line.substr(3, line.find(' ', 3) - 3));
            const std::string hex = line.substr(line.rfind(' ') + 1);
            const auto again = [&]<typename Message>(std::type_identity<Message>) {
                if (type == Message::kType) {
                    EXPECT_EQ(bytes_of(read<Message>(hex)), hex);
                    EXPECT_EQ(line.find("ext 8000") != std::string::npos, Message::kChannel);
                    ++frames;
                }
            };
            again(std::type_identity<SetupConnection>());
            again(std::type_identity<OpenStandardChannel>());
            again(std::type_identity<OpenExtendedChannel>());
            again(std::type_identity<SubmitSharesStandard>());
            again(std::type_identity<SubmitSharesExtended>());
            const auto message =
                parse_pool_message({0, false, static_cast<std::uint8_t>(type), from_hex(hex)});
            ASSERT_TRUE(message) << message.error().text();
            if (*message)
                std::visit([&]<typename Message>(const Message&) { again(std::type_identity<Message>()); },
                           **message);
        }
    }
    EXPECT_EQ(frames, 56);
}

// With the channel bit, the optional group left out by older servers, and a field of an extension at the end.
TEST(Sv2Messages, WhatFollowsTheLastFieldIsIgnored) {
    const std::string old =
        "0700000001000000cdfdb1aeb93fd635f7c7bae6fe58d7dc1feb9afb635d737fac6baec7c310000008000400000001";
    EXPECT_FALSE(read<OpenExtendedChannelSuccess>(old).group);
    EXPECT_THAT(fault<OpenExtendedChannelSuccess>(old + "000000"), HasSubstr("group_channel_id is cut off"));
    EXPECT_EQ(read<OpenExtendedChannelSuccess>(old + "05000000" + "020001" + "0100" + "aa").group, 5u);
    EXPECT_EQ(read<SetupConnectionSuccess>("020004000000" + std::string("ff")).flags, 4u);
}

// A message of everything, cut at every length: an error that names a field, never more than its bytes.
template <typename Message>
void expect_no_prefix_to_do(const Message& message) {
    const Bytes whole = to_frame(message).payload;
    ASSERT_TRUE(parse<Message>(whole));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto cut = parse<Message>(std::span(whole).first(size));
        ASSERT_FALSE(cut) << Message::kName << " of " << size << " bytes";
        EXPECT_THAT(cut.error().text(), HasSubstr("is cut off"));
        EXPECT_EQ(cut.error().where, Message::kName);
    }
}

TEST(Sv2Messages, CutOffAnywhere) {
    expect_no_prefix_to_do(SetupConnectionSuccess{2, 3});
    expect_no_prefix_to_do(SetupConnectionError{1, "unsupported-feature-flags"});
    expect_no_prefix_to_do(Reconnect{"pool.example", 34254});
    expect_no_prefix_to_do(OpenStandardChannelSuccess{1, 2, Uint256(3), {1, 2}, {}});
    expect_no_prefix_to_do(OpenExtendedChannelSuccess{1, 2, Uint256(3), 8, {1, 2}, {}});
    expect_no_prefix_to_do(OpenChannelError{1, "unknown-user"});
    expect_no_prefix_to_do(NewMiningJob{1, 2, 3, 4, {}});
    expect_no_prefix_to_do(NewExtendedMiningJob{1, 2, 3, 4, true, {Hash256{}, Hash256{}}, {1, 2, 3}, {4, 5}});
    expect_no_prefix_to_do(SetNewPrevHash{1, 2, {}, 3, 4});
    expect_no_prefix_to_do(SetTarget{1, Uint256(2)});
    expect_no_prefix_to_do(SetExtranoncePrefix{1, {1, 2, 3}});
    expect_no_prefix_to_do(SetGroupChannel{1, {1, 2, 3}});
    expect_no_prefix_to_do(UpdateChannelError{1, "invalid-channel-id"});
    expect_no_prefix_to_do(CloseChannel{1, "goodbye"});
    expect_no_prefix_to_do(SubmitSharesSuccess{1, 2, 3, 4});
    expect_no_prefix_to_do(SubmitSharesError{1, 2, "stale-share"});
}

TEST(Sv2Messages, BoundsOfVariableFields) {
    // B0_32 of 33 bytes, OPTION of two, a merkle path of 255 that is not there
    EXPECT_THAT(fault<SetExtranoncePrefix>("01000000"
                                           "21" +
                                           std::string(66, '0')),
                HasSubstr("SetExtranoncePrefix: extranonce_prefix has 33 elements, more than 32"));
    EXPECT_EQ(fault<SetExtranoncePrefix>("01000000"
                                         "20" +
                                         std::string(64, '0')),
              "");
    EXPECT_THAT(fault<NewMiningJob>("01000000"
                                    "02000000"
                                    "02" +
                                    std::string(200, '0')),
                HasSubstr("min_ntime has 2 elements, more than 1"));
    EXPECT_THAT(fault<NewExtendedMiningJob>("01000000"
                                            "02000000"
                                            "00"
                                            "00000020"
                                            "01"
                                            "ff" +
                                            std::string(254 * 64, '0')),
                HasSubstr("merkle_path is cut off"));
    EXPECT_THAT(fault<SetGroupChannel>("01000000"
                                       "ffff"
                                       "00000000"),
                HasSubstr("channel_ids is cut off"));
}

TEST(Sv2Messages, OnlyTheLowestBitOfABooleanCounts) {
    const std::string head =
                          "01000000"
                          "02000000"
                          "00"
                          "00000020",
                      tail =
                          "00"
                          "0000"
                          "0000";
    EXPECT_TRUE(read<NewExtendedMiningJob>(head + "ff" + tail).version_rolling);
    EXPECT_FALSE(read<NewExtendedMiningJob>(head + "fe" + tail).version_rolling);
}

TEST(Sv2Messages, WhatIsTooLongToSendIsCut) {
    SetupConnection setup;
    setup.host = std::string(300, 'h');
    EXPECT_EQ(read<SetupConnection>(bytes_of(setup)).host, std::string(255, 'h'));
}

TEST(Sv2Messages, UnknownTypesAndExtensionsAreIgnored) {
    for (unsigned type = 0; type < 256; ++type) {
        const auto message = parse_pool_message(
            {.extension = 1, .channel = false, .type = static_cast<std::uint8_t>(type), .payload = {}});
        ASSERT_TRUE(message);
        EXPECT_FALSE(*message);
    }
    EXPECT_FALSE(*parse_pool_message({.extension = 0, .channel = false, .type = 0x50, .payload = {}}));
    EXPECT_FALSE(parse_pool_message({.extension = 0, .channel = false, .type = 0x20, .payload = {}}));
}

}  // namespace
}  // namespace lode::source::sv2
