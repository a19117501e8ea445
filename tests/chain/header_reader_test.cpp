#include "chain/header_reader.h"

#include <algorithm>
#include <zlib.h>

#include <gtest/gtest.h>

#include "support/data.h"
#include "support/small_chain.h"
#include "util/hex.h"

namespace lode::chain {
namespace {

using test::regtest;

// Gives a few bytes at a time, to try every seam.
ByteSource source(std::string bytes) {
    return [bytes = std::move(bytes),
            at = std::size_t{0}](std::span<std::uint8_t> out) mutable -> Result<std::size_t> {
        const std::size_t n = std::min(out.size(), bytes.size() - at);
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), n, out.begin());
        at += n;
        return n;
    };
}

struct Outcome {
    std::vector<BlockHeader> headers;
    std::string error;
    std::string format;
};

Outcome read_all(std::string bytes, const Network& network = regtest(),
                 std::optional<XorKey> key = std::nullopt) {
    HeaderReader reader(&network, source(std::move(bytes)), key);
    Outcome outcome;
    for (;;) {
        auto item = reader.next();
        outcome.format = reader.format_name();
        if (!item) outcome.error = item.error().text();
        if (!item || !*item) return outcome;
        EXPECT_EQ((*item)->hash, (*item)->header.hash());
        outcome.headers.push_back((*item)->header);
    }
}

std::string raw(std::span<const BlockHeader> headers) {
    std::string bytes;
    for (const auto& h : headers)
        for (const std::uint8_t byte : h.serialize()) bytes += static_cast<char>(byte);
    return bytes;
}

std::string packed(const std::string& bytes) {
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string out(deflateBound(&stream, bytes.size()) + 100, '\0');
    std::string in = bytes;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(out.size() - stream.avail_out);
    deflateEnd(&stream);
    return out;
}

std::string hex_line(const BlockHeader& header) {
    return util::to_hex(header.serialize());
}

std::string framed(const std::vector<std::uint8_t>& block) {
    std::string bytes = "\xfa\xbf\xb5\xda";
    for (unsigned i = 0; i < 4; ++i) bytes += static_cast<char>(block.size() >> (8 * i));
    return bytes + std::string(block.begin(), block.end());
}

TEST(HeaderReader, Raw) {
    const auto headers = test::regtest_headers(20'000);  // more than is read ahead
    const auto outcome = read_all(raw(headers));
    EXPECT_EQ(outcome.headers, headers);
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.format, "raw headers");
}

TEST(HeaderReader, RawCutWithinAHeader) {
    const auto headers = test::regtest_headers(3);
    const auto outcome = read_all(raw(headers).substr(0, 200));
    EXPECT_EQ(outcome.headers.size(), 2u);
    EXPECT_EQ(outcome.error, "byte 160: 40 bytes are left (expected: 80 bytes a header)");
}

TEST(HeaderReader, LinesOfHexCommentsAndCsv) {
    const auto headers = test::regtest_headers(4);
    const auto outcome =
        read_all("height,hash,header_hex\r\n1,00," + hex_line(headers[0]) + "\r\n\n# more\n  " +
                 hex_line(headers[1]) + "  \n\"" + hex_line(headers[2]) + "\";x\n" + hex_line(headers[3]));
    EXPECT_EQ(outcome.headers, headers);
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.format, "hex lines");
}

TEST(HeaderReader, ALineWithoutAHeaderIsNamed) {
    const std::string good = hex_line(test::regtest_headers(1)[0]);
    EXPECT_EQ(read_all(good + "\nhello\n").error,
              "line 2: \"hello\", 5 characters (expected: a header of 160 hex digits)");
    EXPECT_NE(read_all(good + "\n" + good.substr(1) + "\n").error.find("line 2"), std::string::npos);
    EXPECT_NE(read_all(good + "\n" + std::string(5000, 'a')).error.find("over 1024 characters"),
              std::string::npos);
}

// A damaged line is named wherever it stands, the first one too, which might be a heading but for its digits.
TEST(HeaderReader, ADamagedFirstLineIsNoHeading) {
    const std::string good = hex_line(test::regtest_headers(1)[0]);
    for (const std::string& bad :
         {good.substr(1), "g" + good.substr(1), good + "0", good.substr(0, 40), std::string("12345")}) {
        const auto outcome = read_all(bad + "\n" + good + "\n");
        EXPECT_EQ(outcome.headers.size(), 0u);
        EXPECT_EQ(outcome.error.find("line 1: \""), 0u) << outcome.error;
    }
    EXPECT_EQ(read_all("height header\n" + good).headers.size(), 1u);
    EXPECT_NE(read_all("height header\nheight header\n" + good).error.find("line 2"), std::string::npos);
}

TEST(HeaderReader, SeveralHeadersOnALine) {
    const auto headers = test::regtest_headers(3);
    const std::string a = hex_line(headers[0]), b = hex_line(headers[1]), c = hex_line(headers[2]);
    for (const std::string& text : {a + " " + b + "\t" + c, a + "," + b + ";" + c + "\r\n",
                                    "\xef\xbb\xbf" + a + "\r\n" + b + "\r\n" + c}) {
        const auto outcome = read_all(text);
        EXPECT_EQ(outcome.headers, headers) << outcome.error;
        EXPECT_EQ(outcome.format, "hex lines");
    }
    EXPECT_EQ(read_all(a + " " + b.substr(2) + " " + c).error.substr(0, 7), "line 1:");
}

TEST(HeaderReader, Json) {
    const auto headers = test::regtest_headers(3);
    const std::string a = hex_line(headers[0]), b = hex_line(headers[1]), c = hex_line(headers[2]);
    const std::string hash = headers[0].hash().hex();
    for (const std::string& text : {"[\"" + a + "\",\"" + b + "\", \"" + c + "\"]",
                                    "\n[\n  \"" + a + "\",\n\"" + b + "\",\n\"" + c + "\"\n]\n",
                                    "[{\"height\": 1, \"hash\": \"" + hash + "\",\n \"header\": \"" + a +
                                        "\"},\n{\"header\":\"" + b + "\"},{\"header\":\"" + c + "\"}]"}) {
        const auto outcome = read_all(text);
        EXPECT_EQ(outcome.headers, headers) << outcome.error;
        EXPECT_EQ(outcome.error, "");
        EXPECT_EQ(outcome.format, "JSON");
    }
    const auto cut = read_all("[\"" + a + "\",\n\"" + b.substr(0, 100) + "\"]");
    EXPECT_EQ(cut.error, "line 2: \"" + b.substr(0, 40) +
                             "...\", 100 characters (expected: a header of 160 hex digits)");
}

// What is no header has no proof of work, or names another kind of file.
TEST(HeaderReader, OtherFilesAreNotRawHeaders) {
    EXPECT_EQ(read_all(std::string(1000, '\0')).error.find("byte 0: zeros (expected: raw headers"), 0u);
    EXPECT_EQ(read_all("PK\x03\x04" + std::string(100, '\1')).error.find("byte 0: a zip archive"), 0u);
    EXPECT_EQ(read_all("\xff\xfe" + std::string("0\0"
                                                "1\0",
                                                4))
                  .error.find("byte 0: UTF-16 text"),
              0u);
    std::uint64_t state = 1;
    for (int i = 0; i < 1000; ++i) {
        std::string noise;
        while (noise.size() < 160)
            noise += static_cast<char>((state = state * 6364136223846793005u + 1) >> 56);
        noise[0] = '\x80';  // never text
        const auto outcome = read_all(noise);
        EXPECT_EQ(outcome.headers.size(), 0u);
        EXPECT_NE(outcome.error.find("neither a header with proof of work nor a block"), std::string::npos);
    }
}

TEST(HeaderReader, Gzip) {
    const auto headers = test::regtest_headers(3);
    const auto outcome = read_all(packed(raw(headers)) + packed(raw(headers)));
    EXPECT_EQ(outcome.headers.size(), 6u);
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.format, "raw headers, gzip");
    EXPECT_EQ(read_all(packed(hex_line(headers[0]))).format, "hex lines, gzip");
    EXPECT_EQ(read_all(packed(packed("x"))).error, "byte 0: gzip within gzip (expected: headers or blocks)");
    const std::string whole = packed(raw(headers));
    EXPECT_NE(read_all(whole.substr(0, whole.size() - 9)).error.find("gzip data that is cut off"),
              std::string::npos);
}

// xor.dat of a node: byte i of the file with byte i % 8 of the key; the zeros of space set aside are not.
TEST(HeaderReader, ObfuscatedBlocks) {
    const auto one = test::coinbase_block(regtest().genesis, 1),
               two = test::coinbase_block(regtest().genesis, 2);
    const XorKey key = {0xfa, 0x11, 0x22, 0x33, 0x00, 0x55, 0x66, 0xfa};
    std::string file = framed(one) + std::string(13, '\0') + framed(two);
    const std::size_t gap = framed(one).size();
    for (std::size_t i = 0; i < file.size(); ++i)
        if (i < gap || i >= gap + 13) file[i] = static_cast<char>(file[i] ^ key[i % 8]);
    file += std::string(100'000, '\0');
    const auto outcome = read_all(file, regtest(), key);
    EXPECT_EQ(outcome.headers.size(), 2u);
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.format, "obfuscated blocks");
    EXPECT_NE(read_all(file).error.find("its xor.dat is needed"), std::string::npos);
    // A key of zeros is none.
    EXPECT_EQ(read_all(framed(one) + framed(two), regtest(), XorKey{}).format, "blocks");
}

TEST(HeaderReader, BlocksOfACustomSignet) {
    const Network custom = *parse_signet("51");
    auto bytes = framed(test::coinbase_block(regtest().genesis, 1));
    for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<char>(custom.magic[i]);
    EXPECT_EQ(read_all(bytes, custom).headers.size(), 1u);
    EXPECT_EQ(read_all(bytes, *find_network("signet")).headers.size(), 0u);
}

TEST(HeaderReader, Blocks) {
    const auto one = test::coinbase_block(regtest().genesis, 1),
               two = test::coinbase_block(regtest().genesis, 2);
    const auto outcome = read_all(framed(one) + framed(two) + std::string(1000, '\0'));
    EXPECT_EQ(outcome.headers.size(), 2u);
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.format, "blocks");
}

TEST(HeaderReader, DamagedBlocks) {
    const auto block = test::coinbase_block(regtest().genesis, 1);
    EXPECT_NE(read_all(framed(block).substr(0, 150)).error.find("is cut off after 142"), std::string::npos);
    EXPECT_NE(read_all(framed(block) + "\xfa\xbf\xb5\xda\x51").error.find("the frame of a block is cut off"),
              std::string::npos);
    EXPECT_NE(read_all(framed(block) + "junk that is no block").error.find("no block begins here"),
              std::string::npos);
    auto tampered = block;
    tampered[block.size() - 10] ^= 1;  // the value paid
    EXPECT_NE(read_all(framed(tampered)).error.find("merkle root"), std::string::npos);
    auto huge = framed(block);
    huge[7] = '\x7f';
    EXPECT_NE(read_all(huge).error.find("expected: 81 to 4,000,000"), std::string::npos);
    EXPECT_EQ(read_all(framed(block), *find_network("main")).error,
              "byte 0: blocks of regtest (expected: main)");
}

TEST(HeaderReader, RealBlocks) {
    LODE_DATA(bytes, read_data("blocks/mainnet_blk00000_first1MB.dat"));
    LODE_DATA(headers, read_headers("mainnet/mainnet_000000-049999.headers.bin"));
    const auto outcome = read_all(bytes, *find_network("main"));
    EXPECT_EQ(outcome.error, "");
    ASSERT_EQ(outcome.headers.size(), 4313u);
    EXPECT_TRUE(std::equal(outcome.headers.begin(), outcome.headers.end(), headers.begin()));
}

TEST(HeaderReader, AStoreWithItsCheckpoint) {
    const auto headers = test::regtest_headers(10);
    const test::TemporaryDir dir;
    {
        const auto locked = NetworkDir::lock(dir.path(), regtest(), "test").value();
        auto store = HeaderStore::open(locked, Anchor{5, headers[4], Uint256(77)}).value();
        ChainTracker tracker = store.take_tracker();
        for (std::size_t i = 5; i < 10; ++i) ASSERT_TRUE(tracker.accept(headers[i], kAnyTime));
        ASSERT_FALSE(store.append(tracker));
    }
    const auto bytes = test::read_bytes(dir.path() + "/regtest/headers.dat");
    const std::string text(bytes.begin(), bytes.end());
    HeaderReader reader(&regtest(), source(text));
    ASSERT_TRUE(reader.next());
    ASSERT_TRUE(reader.prologue());
    EXPECT_EQ(reader.prologue()->height, 5);
    EXPECT_EQ(reader.prologue()->work, Uint256(77));
    EXPECT_EQ(read_all(text).headers.size(), 6u);
    EXPECT_EQ(read_all(text, *find_network("main")).error, "byte 0: headers of regtest (expected: main)");
    std::string flipped = text;
    flipped[64 + 84 + 10] ^= 1;
    EXPECT_EQ(read_all(flipped).error, "byte 148: record 1 is damaged (expected: the checksum of its bytes)");
    flipped[10] ^= 1;
    EXPECT_NE(read_all(flipped).error.find("beginning is damaged"), std::string::npos);
}

TEST(HeaderReader, AStoreFromAnImpossibleHeight) {
    EXPECT_TRUE(read_prologue(write_prologue({"regtest", 1'000'000'000, Uint256(1)})));
    EXPECT_FALSE(read_prologue(write_prologue({"regtest", 1'000'000'001, Uint256(1)})));
    EXPECT_FALSE(read_prologue(write_prologue({"regtest", 0xffffffff, Uint256(1)})));
}

// The genesis, the header after it, a block file and a store each name their network.
TEST(HeaderReader, NamesItsNetwork) {
    const auto network_in = [](std::string bytes, const Network* given = nullptr) -> std::string {
        HeaderReader reader(given, source(std::move(bytes)));
        const auto first = reader.next();
        if (!first) return first.error().text();
        return reader.network() == nullptr ? "none" : std::string(reader.network()->name);
    };
    for (const Network& n : networks()) {
        EXPECT_EQ(network_in(raw(std::span(&n.genesis, 1))), n.name);
        EXPECT_EQ(network_in(hex_line(n.genesis)), n.name);
        EXPECT_EQ(network_in(raw(std::span(&n.genesis, 1)), &n), n.name);
    }
    const auto headers = test::regtest_headers(3);
    EXPECT_EQ(network_in(raw(headers)), "regtest");
    EXPECT_EQ(network_in(raw(std::span(headers).subspan(1))), "none");
    EXPECT_EQ(network_in(framed(test::coinbase_block(headers[1], 1))), "regtest");
    const auto prologue = write_prologue({"signet", 7, Uint256(1)});
    const auto other = write_prologue({"other", 0, Uint256(1)});
    EXPECT_EQ(network_in(std::string(prologue.begin(), prologue.end())), "signet");
    EXPECT_EQ(network_in(std::string(other.begin(), other.end())),
              "byte 0: headers of other (expected: a network that lode knows)");

    const Network* main = find_network("main");
    EXPECT_EQ(network_in(raw(std::span(&regtest().genesis, 1)), main),
              "header 0 (byte 0): is the genesis of regtest (expected: main)");
    EXPECT_EQ(network_in("header\n" + hex_line(headers[0]), main),
              "line 2: follows the genesis of regtest (expected: main)");
}

TEST(HeaderReader, Nothing) {
    EXPECT_EQ(read_all("").error.find("byte 0: empty (expected: raw headers, "), 0u);
}

}  // namespace
}  // namespace lode::chain
