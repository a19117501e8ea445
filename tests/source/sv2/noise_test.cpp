// The handshake and the transport against recorded ones, byte for byte.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "source/sv2/authority.h"
#include "source/sv2/frame.h"
#include "source/sv2/vectors.h"

namespace lode::source::sv2 {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using util::to_hex;

std::optional<json> handshakes() {
    const auto text = test::read_data("../vectors/noise_nx_sv2.json");
    return text ? std::optional(json::parse(*text)) : std::nullopt;
}

KeyPair pair(const json& vector, const std::string& name) {
    return {array_from_hex<Bytes32>(vector[name + "_secret"]),
            array_from_hex<Ellswift>(vector[name + "_ellswift"])};
}

Result<Handshaken> read_act2(Initiator& initiator, const Bytes& act2) {
    return initiator.read_act2(std::span(act2).first<kAct2Size>());
}

TEST(Sv2Noise, EightRecordedHandshakes) {
    const auto vectors = handshakes();
    if (!vectors) GTEST_SKIP() << "no vectors of handshakes";
    ASSERT_EQ(vectors->size(), 8u);
    for (const json& vector : *vectors) {
        Initiator initiator(pair(vector, "e"));
        EXPECT_EQ(to_hex(initiator.act1()), vector["act1"]);
        auto handshaken = read_act2(initiator, from_hex(vector["act2"]));
        ASSERT_TRUE(handshaken) << handshaken.error().text();
        EXPECT_EQ(to_hex(handshaken->server_key), vector["s_x"]);
        EXPECT_EQ(to_hex(serialize(handshaken->certificate)), vector["certificate"]);
        const auto authority = array_from_hex<Bytes32>(vector["authority_x"]);
        EXPECT_TRUE(check_certificate(handshaken->certificate, handshaken->server_key, authority,
                                      handshaken->certificate.valid_from));
        // the other side of it
        auto responded =
            respond(initiator.act1(), pair(vector, "re"), pair(vector, "s"), from_hex(vector["certificate"]));
        EXPECT_EQ(to_hex(responded.act2), vector["act2"]);

        FrameReader ours(std::move(handshaken->ciphers.responder), 1000);
        FrameReader theirs(std::move(responded.ciphers.initiator), 1000);
        ours.feed(from_hex(vector["responder_frame1"]));
        ours.feed(from_hex(vector["responder_frame2"]));
        theirs.feed(from_hex(vector["initiator_frame"]));
        const Frame sent = **theirs.next(), first = **ours.next(), second = **ours.next();
        Bytes sealed;
        seal_frame(sent, handshaken->ciphers.initiator, sealed);
        EXPECT_EQ(to_hex(sealed), vector["initiator_frame"]);
        sealed.clear();
        seal_frame(first, responded.ciphers.responder, sealed);
        seal_frame(second, responded.ciphers.responder, sealed);
        EXPECT_EQ(to_hex(sealed), vector["responder_frame1"].get<std::string>() +
                                      vector["responder_frame2"].get<std::string>());
    }
}

// A bit in every byte of the answer: refused, and which part is wrong is said.
TEST(Sv2Noise, NothingOfTheAnswerCanBeAltered) {
    const KeyPair ours = *make_key_pair(), ephemeral = *make_key_pair(), server = *make_key_pair();
    const Bytes act2 = respond(ours.encoded, ephemeral, server, Bytes(Certificate::kSize)).act2;
    Initiator unaltered(ours);
    EXPECT_TRUE(read_act2(unaltered, act2));
    for (std::size_t at = 0; at < act2.size(); ++at) {
        Bytes altered = act2;
        altered[at] ^= 0x10;
        Initiator initiator(ours);
        const auto read = read_act2(initiator, altered);
        ASSERT_FALSE(read) << at;
        EXPECT_THAT(read.error().text(), HasSubstr(at < 64 + kSealedKeySize ? "the key" : "the certificate"));
    }
}

TEST(Sv2Noise, AnAnswerToAnotherActIsRefused) {
    const KeyPair ours = *make_key_pair(), other = *make_key_pair();
    const Bytes act2 =
        respond(other.encoded, *make_key_pair(), *make_key_pair(), Bytes(Certificate::kSize)).act2;
    Initiator initiator(ours);
    EXPECT_FALSE(read_act2(initiator, act2));
}

}  // namespace
}  // namespace lode::source::sv2
