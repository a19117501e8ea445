// The stream after the handshake: the input determines the sealed frames, how they are split, and which bytes
// are altered. Every frame returned must be one that was sealed.
#include <cstdint>
#include <cstdlib>
#include <deque>

#include "source/sv2/messages.h"

using namespace lode::source::sv2;

namespace {

constexpr std::size_t kMaxPayload = 100'000;

struct Input {
    std::span<const std::uint8_t> rest;
    std::uint8_t byte() {
        if (rest.empty()) return 0;
        const std::uint8_t value = rest.front();
        rest = rest.subspan(1);
        return value;
    }
    Bytes bytes(std::size_t size) {
        const auto taken = rest.first(std::min(size, rest.size()));
        rest = rest.subspan(taken.size());
        return {taken.begin(), taken.end()};
    }
};

void check(bool good) {
    if (!good) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input in{{data, size}};
    Cipher sealing(Bytes32{1});
    FrameReader reader(Cipher(Bytes32{1}), kMaxPayload);
    std::deque<Frame> expected;
    while (!in.rest.empty()) {
        const std::uint8_t kind = in.byte();
        Frame frame{kind % 5u == 0 ? std::uint16_t{1} : std::uint16_t{0}, (kind & 1) != 0, in.byte(), {}};
        frame.payload = in.bytes(in.byte());
        if (kind > 200)
            frame.payload.resize(frame.payload.size() + kind * 500u);  // of several chunks, or too long
        Bytes sealed;
        seal_frame(frame, sealing, sealed);
        expected.push_back(std::move(frame));
        const bool altered = kind == 3;
        if (altered) sealed[in.byte() % sealed.size()] ^= 1;
        const std::size_t piece = in.byte() + 1u;
        for (std::size_t at = 0; at < sealed.size(); at += piece * piece) {
            reader.feed(std::span(sealed).subspan(at, std::min(piece * piece, sealed.size() - at)));
            for (;;) {
                const auto next = reader.next();
                if (!next) {
                    check(altered || expected.front().payload.size() > kMaxPayload);
                    return 0;
                }
                if (!*next) break;
                check(!expected.empty() && **next == expected.front());
                expected.pop_front();
                (void)parse_pool_message(**next);
            }
        }
    }
    check(expected.empty());
    return 0;
}
