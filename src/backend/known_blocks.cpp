#include "backend/known_blocks.h"

#include <cstddef>
#include <string_view>
#include <utility>

#include "crypto/sha256.h"

namespace lode::backend {
namespace {

constexpr std::uint8_t digit(char c) {
    return static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10);
}

std::uint32_t load(const std::uint8_t* p, bool big) {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < 4; ++i) value = value << 8 | p[big ? i : 3 - i];
    return value;
}

KnownBlock block(std::uint32_t height, std::string_view hex) {
    KnownBlock known;
    known.height = height;
    for (std::size_t i = 0; i < kHeaderSize; ++i)
        known.header[i] = static_cast<std::uint8_t>(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
    known.nonce = load(known.header.data() + 76, false);
    return known;
}

}  // namespace

std::span<const KnownBlock> known_blocks() {
    static const std::array kBlocks = {
        block(
            0,
            "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e"
            "67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c"),
        block(
            1,
            "010000006fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000982051fd1e4ba744bbbe680e"
            "1fee14677ba1a3c3540bf7b1cdb606e857233e0e61bc6649ffff001d01e36299"),
        block(
            481824,
            "02000020801b81629334be8e7af5ebfb9df09c18e1f833b5f0efcb00000000000000000040d1ca077fefe7fb797711ba"
            "a0c063eca9b8ed9469ae0128982b44ad0c25386491329e59e93c011822ff5422"),
        block(
            832608,
            "0060d82ff55e6dd124f5df33004d1e34889b47b9d13838c82b0e01000000000000000000dbd0fb726f812f5f83b0fd7a"
            "5a8fce9937f9f05f172f58cdf6a0f9317cce09183125e165128c03177451c042"),
        block(
            878976,
            "0080cb2a84fa5fcdb3c448a0dc7f38c6a7e55f1261fcec2f0b6d00000000000000000000a2282f81592e007e389fa35e"
            "d4a9f5559c2ebf12fa76b54f0316668dcba6d961af1f8467618c02178c74d981"),
    };
    return kBlocks;
}

RawHeader rolled(const RawHeader& header, std::uint32_t variant, std::uint32_t nonce) {
    RawHeader raw = header;
    raw[1] = static_cast<std::uint8_t>(raw[1] ^ variant << 5);  // the version is little-endian
    for (unsigned i = 0; i < 4; ++i) raw[76 + i] = static_cast<std::uint8_t>(nonce >> (8 * i));
    return raw;
}

ScanInput scan_input(const RawHeader& header, std::uint32_t variants, std::uint32_t max_top,
                     std::uint32_t slot) {
    ScanInput input;
    input.variants = variants;
    input.max_top = max_top;
    for (std::size_t i = 0; i < 3; ++i) input.tail[i] = load(header.data() + 64 + 4 * i, true);
    for (std::uint32_t v = 0; v < variants; ++v) {
        const RawHeader variant = rolled(header, v, 0);
        input.midstate[v] = crypto::midstate(std::span(variant).first<64>());
    }
    std::swap(input.midstate[0], input.midstate[slot]);
    return input;
}

std::uint32_t hash_top(const RawHeader& header) {
    return load(crypto::hash_header(header).bytes.data() + 28, false);
}

}  // namespace lode::backend
