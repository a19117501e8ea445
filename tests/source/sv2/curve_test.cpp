// ElligatorSwift and Schnorr signatures against every vector of BIP 324 and BIP 340.
#include <gtest/gtest.h>

#include "source/sv2/authority.h"
#include "source/sv2/schnorr.h"
#include "source/sv2/vectors.h"

namespace lode::source::sv2 {
namespace {

using util::to_hex;

TEST(Sv2Curve, DecodesEveryEllswiftVector) {
    SV2_VECTORS(rows, "bip324_ellswift_decode_test_vectors.csv");
    ASSERT_EQ(rows.size(), 76u);
    for (const Row& row : rows) EXPECT_EQ(to_hex(decode_ellswift(array_from_hex<Ellswift>(row[0]))), row[1]);
}

TEST(Sv2Curve, InvertsEveryEllswiftVector) {
    SV2_VECTORS(rows, "bip324_xswiftec_inv_test_vectors.csv");
    ASSERT_EQ(rows.size(), 32u);
    for (const Row& row : rows) {
        const auto u = FieldElement::from_bytes(array_from_hex<Bytes32>(row[0]));
        const auto x = FieldElement::from_bytes(array_from_hex<Bytes32>(row[1]));
        for (unsigned branch = 0; branch < 8; ++branch) {
            const auto t = ellswift_inverse(x, u, branch);
            EXPECT_EQ(t ? to_hex(t->bytes()) : "", row[2 + branch]) << row[0] << " branch " << branch;
        }
    }
}

TEST(Sv2Curve, ExchangesKeysAsEveryPacketVectorDoes) {
    SV2_VECTORS(rows, "bip324_packet_encoding_test_vectors.csv");
    ASSERT_EQ(rows.size(), 7u);
    for (const Row& row : rows) {
        const KeyPair ours(array_from_hex<Bytes32>(row[1]), array_from_hex<Ellswift>(row[2]));
        const auto theirs = array_from_hex<Ellswift>(row[3]);
        EXPECT_EQ(to_hex(decode_ellswift(ours.encoded)), row[9]);
        EXPECT_EQ(to_hex(decode_ellswift(theirs)), row[10]);
        const Side side = row[4] == "1" ? Side::Initiator : Side::Responder;
        EXPECT_EQ(to_hex(exchange_keys(ours, theirs, side)), row[12]);
    }
}

TEST(Sv2Curve, NewKeysEncodeTheirPublicKeyAndAgreeOnASecret) {
    for (int i = 0; i < 20; ++i) {
        const KeyPair a = *make_key_pair(), b = *make_key_pair();
        EXPECT_NE(a.encoded, b.encoded);
        EXPECT_EQ(decode_ellswift(a.encoded), public_key(a.secret));
        EXPECT_EQ(exchange_keys(a, b.encoded, Side::Initiator), exchange_keys(b, a.encoded, Side::Responder));
        EXPECT_NE(exchange_keys(a, b.encoded, Side::Initiator), exchange_keys(b, a.encoded, Side::Initiator));
    }
}

TEST(Sv2Curve, ChecksEverySchnorrVector) {
    SV2_VECTORS(rows, "bip340_test_vectors.csv");
    ASSERT_EQ(rows.size(), 19u);
    for (const Row& row : rows) {
        const Bytes message = from_hex(row[4]);
        EXPECT_EQ(verify_schnorr(array_from_hex<Bytes32>(row[2]), message, array_from_hex<Bytes64>(row[5])),
                  row[6] == "TRUE")
            << row[0];
        if (row[1].empty()) continue;
        const auto signature =
            sign_schnorr(array_from_hex<Bytes32>(row[1]), message, array_from_hex<Bytes32>(row[3]));
        EXPECT_EQ(signature, array_from_hex<Bytes64>(row[5])) << row[0];
    }
}

TEST(Sv2Curve, SecretsAreBetweenOneAndTheOrder) {
    const char* const order =
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";  // SEC 2, 2.4.1
    EXPECT_FALSE(secp256k1::valid_secret({}));
    EXPECT_FALSE(secp256k1::valid_secret(array_from_hex<Bytes32>(order)));
    Bytes32 last = array_from_hex<Bytes32>(order);
    --last.back();
    EXPECT_TRUE(secp256k1::valid_secret(last));
}

}  // namespace
}  // namespace lode::source::sv2
