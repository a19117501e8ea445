#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/sv2/authority.h"

namespace lode::source::sv2 {
namespace {

using ::testing::HasSubstr;

constexpr std::uint32_t kFrom = 1'700'000'000, kUntil = 1'700'003'600;
const Bytes32 kAuthority = {0, 1, 2, 3};
const Bytes32 kServer = {4, 5, 6, 7};  // any 32 bytes

std::string refusal(const Certificate& certificate, std::int64_t now,
                    std::optional<Bytes32> authority = public_key(kAuthority)) {
    const auto checked = check_certificate(certificate, kServer, authority, now);
    return checked ? "" : checked.error().text();
}

Certificate good() {
    return sign_certificate(kAuthority, kServer, kFrom, kUntil);
}

TEST(Sv2Certificate, IsValidFromTenSecondsBeforeToTenSecondsAfter) {
    EXPECT_EQ(refusal(good(), kFrom - 10), "");
    EXPECT_EQ(refusal(good(), kUntil + 10), "");
    EXPECT_THAT(refusal(good(), kFrom - 11), HasSubstr("not valid for another 11 s"));
    EXPECT_THAT(refusal(good(), kUntil + 11), HasSubstr("expired 11 s ago"));
    Certificate backwards = sign_certificate(kAuthority, kServer, kUntil, kFrom);
    EXPECT_THAT(refusal(backwards, kFrom + 100), HasSubstr("not valid for another"));
    Certificate largest = sign_certificate(kAuthority, kServer, 0, 0xffffffff);
    EXPECT_EQ(refusal(largest, 0xffffffff), "");
}

TEST(Sv2Certificate, EveryPartIsSigned) {
    const std::int64_t now = kFrom + 100;
    const auto unsigned_text = HasSubstr("not signed by the authority");
    Certificate altered = good();
    altered.valid_from += 1;
    EXPECT_THAT(refusal(altered, now), unsigned_text);
    altered = good();
    altered.not_valid_after += 1;
    EXPECT_THAT(refusal(altered, now), unsigned_text);
    for (const std::size_t at : {0u, 31u, 32u, 63u}) {
        altered = good();
        altered.signature[at] ^= 1;
        EXPECT_THAT(refusal(altered, now), unsigned_text) << at;
    }
    altered = good();
    altered.signature = {};
    EXPECT_THAT(refusal(altered, now), unsigned_text);
    EXPECT_THAT(refusal(sign_certificate(kAuthority, Bytes32{9}, kFrom, kUntil), now), unsigned_text);
    EXPECT_THAT(refusal(sign_certificate(Bytes32{0, 9}, kServer, kFrom, kUntil), now), unsigned_text);
}

TEST(Sv2Certificate, OtherVersionsAreRefusedEvenWhereSigned) {
    Certificate later = good();
    later.version = 1;
    later.signature = sign_schnorr(kAuthority, later.digest(kServer));
    EXPECT_THAT(refusal(later, kFrom), HasSubstr("version 1"));
}

TEST(Sv2Certificate, WithoutAnAuthorityOnlyTheSignatureGoesUnchecked) {
    Certificate altered = good();
    altered.signature = {};
    EXPECT_EQ(refusal(altered, kFrom, std::nullopt), "");
    EXPECT_THAT(refusal(altered, kUntil + 11, std::nullopt), HasSubstr("expired"));
}

TEST(Sv2Certificate, IsReadLittleEndian) {
    Bytes bytes = serialize({0x0102, 0x03040506, 0x0708090a, {0xaa}});
    EXPECT_EQ((Bytes{bytes.begin(), bytes.begin() + 11}), (Bytes{2, 1, 6, 5, 4, 3, 10, 9, 8, 7, 0xaa}));
    const Certificate read = Certificate::parse(std::span(bytes).first<Certificate::kSize>());
    EXPECT_EQ(read.version, 0x0102);
    EXPECT_EQ(read.valid_from, 0x03040506u);
    EXPECT_EQ(read.not_valid_after, 0x0708090au);
    EXPECT_EQ(read.signature[0], 0xaa);
}

// The reference pool's example key, and one of before the version prefix.
TEST(Sv2AuthorityKey, IsBase58CheckWithOrWithoutItsVersion) {
    const auto key = parse_authority_key("9auqWEzQDVyd2oe1JVGFLMLHZtCo2FFqZwtKA5gd9xbuEu7PH72");
    ASSERT_TRUE(key) << key.error().text();
    EXPECT_EQ((*key)[0], 0x24);
    EXPECT_EQ((*key)[31], 0xe7);
    const auto old = parse_authority_key("u95GEReVMjK6k5YqiSFNqqTnKU4ypU2Wm8awa6tmbmDmk1bWt");
    ASSERT_TRUE(old) << old.error().text();
    EXPECT_EQ((*old)[0], 0x76);
}

TEST(Sv2AuthorityKey, EachFaultIsNamed) {
    const auto fault = [](std::string_view text) {
        const auto key = parse_authority_key(text);
        return key ? std::string() : key.error().text();
    };
    EXPECT_THAT(fault(""), HasSubstr("wrong checksum"));
    EXPECT_THAT(fault("9auqWEzQDVyd2oe1JVGFLMLHZtCo2FFqZwtKA5gd9xbuEu7PH73"), HasSubstr("wrong checksum"));
    EXPECT_THAT(fault("9auqWEzQDVyd2oe1JVGFLMLHZtCo2FFqZwtKA5gd9xbuEu7PH7"), HasSubstr("wrong checksum"));
    EXPECT_THAT(fault("9auqWEzQDVyd2oe1JVGFLMLHZtCo2FFqZwtKA5gd9xbuEu7PH0l"), HasSubstr("not base58"));
    EXPECT_THAT(fault("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"), HasSubstr("wrong length"));  // an address
    EXPECT_THAT(fault(std::string(65, '1')), HasSubstr("too long"));
    // of the wrong version, and an x without a point, each with a right checksum
    EXPECT_THAT(fault("JAYQfbtaNR7bYpQZNtA3WSpY15rdSWz11a1scRn7diKBa6MRbxT"), HasSubstr("unknown version"));
    EXPECT_THAT(fault("9adaAMuB9v8yX1mZ5PtoB6VFSCeqRGjASd8ZTM6VUkiHLnHWfDH"), HasSubstr("no point"));
}

}  // namespace
}  // namespace lode::source::sv2
