#include "p2p/wire.h"

#include <gtest/gtest.h>

#include "util/hex.h"

namespace lode::p2p {
namespace {

constexpr Magic kMain = {0xf9, 0xbe, 0xb4, 0xd9};

Bytes hex(std::string_view text) {
    return *util::from_hex(text);
}

// The verack message of mainnet, as the protocol's documentation shows it byte by byte.
const char* const kVerack = "f9beb4d976657261636b000000000000000000005df6e0e2";

TEST(Envelope, OfAnEmptyMessage) {
    EXPECT_EQ(util::to_hex(envelope(kMain, "verack", {})), kVerack);
}

TEST(FrameReader, GivesFramesHoweverTheBytesAreCut) {
    const Bytes stream = hex(std::string(kVerack) + kVerack);
    for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
        FrameReader reader(kMain);
        int frames = 0;
        for (std::size_t at = 0; at < stream.size(); at += piece) {
            reader.feed(std::span(stream).subspan(at, std::min(piece, stream.size() - at)));
            for (;;) {
                const auto frame = reader.next();
                ASSERT_TRUE(frame);
                if (!*frame) break;
                EXPECT_EQ((*frame)->command, "verack");
                EXPECT_TRUE((*frame)->payload.empty());
                ++frames;
            }
        }
        EXPECT_EQ(frames, 2) << "pieces of " << piece;
    }
}

std::string error_of(std::string_view bytes) {
    FrameReader reader(kMain);
    reader.feed(hex(bytes));
    const auto frame = reader.next();
    return frame ? "" : frame.error().text();
}

TEST(FrameReader, NamesWhatIsWrong) {
    EXPECT_EQ(error_of("fabfb5da76657261636b000000000000000000005df6e0e2"),
              "network magic fabfb5da (expected: f9beb4d9)");
    EXPECT_EQ(error_of("f9beb4d976657261636b000000000000000000005df6e0e3"), "'verack' with a wrong checksum");
    EXPECT_EQ(error_of("f9beb4d976657261636b00000000000001093d005df6e0e2"),
              "'verack' of 4000001 bytes (expected: at most 4000000)");
    // A command of zeros, with bytes after its end, and with a control character.
    for (const char* command :
         {"000000000000000000000000", "766572000000000000000061", "1b6572000000000000000000"})
        EXPECT_EQ(error_of("f9beb4d9" + std::string(command) + "000000005df6e0e2"),
                  "a command that is not printable text padded with zeros");
}

TEST(Reader, CompactSizesInTheirShortestFormOnly) {
    const auto read = [](std::string_view bytes) {
        const Bytes raw = hex(bytes);
        Reader in(raw);
        const std::uint64_t value = in.compact_size();
        return in.ok() ? static_cast<std::int64_t>(value) : -1;
    };
    EXPECT_EQ(read("fc"), 252);
    EXPECT_EQ(read("fdfd00"), 253);
    EXPECT_EQ(read("fdffff"), 65535);
    EXPECT_EQ(read("fe00000100"), 65536);
    EXPECT_EQ(read("ff0000000001000000"), 4294967296);
    for (const char* bad : {"", "fd", "fdfc00", "fd00", "feffff0000", "ffffffffff00000000", "ff00"})
        EXPECT_EQ(read(bad), -1) << bad;
}

TEST(Reader, StaysSpentAfterTheEnd) {
    const Bytes raw = hex("0102");
    Reader in(raw);
    EXPECT_EQ(in.u32(), 0u);
    EXPECT_FALSE(in.ok());
    EXPECT_EQ(in.u8(), 0);
    EXPECT_EQ(in.count(5), 0u);
    EXPECT_TRUE(in.bytes(1).empty());
}

TEST(Writer, WritesWhatReaderReads) {
    Writer out;
    for (const std::uint64_t v : {0ull, 252ull, 253ull, 65535ull, 65536ull, 4294967295ull, 4294967296ull})
        out.compact_size(v);
    const Bytes raw = out.take();
    EXPECT_EQ(util::to_hex(raw), "00fcfdfd00fdfffffe00000100feffffffffff0000000001000000");
}

}  // namespace
}  // namespace lode::p2p
