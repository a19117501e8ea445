#include "crypto/self_test.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace lode::crypto {
namespace {

// NIST, "SHA256.pdf" of the examples for FIPS 180-4.
constexpr std::string_view kOneBlock = "abc";
constexpr State kOneBlockHash = {0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223,
                                 0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad};
constexpr std::string_view kTwoBlocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
constexpr State kTwoBlocksHash = {0x248d6a61, 0xd20638b8, 0xe5c02693, 0x0c3e6039,
                                  0xa33ce459, 0x64ff2167, 0xf6ecedd4, 0x19db06c1};

// The data is at an odd address.
struct Padded {
    Padded(std::string_view message, std::size_t count) {
        std::ranges::copy(message, blocks());
        blocks()[message.size()] = 0x80;
        const std::size_t bits = 8 * message.size();
        blocks()[64 * count - 2] = static_cast<std::uint8_t>(bits >> 8);
        blocks()[64 * count - 1] = static_cast<std::uint8_t>(bits);
    }
    [[nodiscard]] std::uint8_t* blocks() { return buffer.data() + 1; }
    std::array<std::uint8_t, 1 + 2 * 64> buffer{};
};

bool gives(Compress compress, std::string_view message, std::size_t blocks, const State& expected) {
    Padded padded(message, blocks);
    State state = kInitialState;
    compress(state, padded.blocks(), blocks);
    return state == expected;
}

}  // namespace

bool passes_self_test(Compress compress) {
    return gives(compress, kOneBlock, 1, kOneBlockHash) && gives(compress, kTwoBlocks, 2, kTwoBlocksHash);
}

bool passes_self_test(CompressTwo compress) {
    Padded one(kOneBlock, 1), two(kTwoBlocks, 2);
    State first = kInitialState, second = kInitialState, third = kInitialState;
    compress(first, second, one.blocks(), two.blocks());
    compress(second, third, two.blocks() + 64, one.blocks());
    return first == kOneBlockHash && second == kTwoBlocksHash && third == kOneBlockHash;
}

Compress first_working(std::span<const Compress> candidates) {
    const auto found =
        std::ranges::find_if(candidates, [](Compress compress) { return passes_self_test(compress); });
    return found == candidates.end() ? compress_portable : *found;
}

}  // namespace lode::crypto
