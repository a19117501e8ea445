#include "chain/header_reader.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "chain/block.h"
#include "crypto/sha256.h"
#include "util/hex.h"

namespace lode::chain {
namespace {

constexpr std::size_t kReadAhead = 1 << 20;
constexpr std::size_t kMaxLine = 4096;
constexpr std::string_view kStoreMagic = "LODEHDR1";
constexpr std::string_view kSeparators = ",; \t\"'";

bool is_text(std::span<const std::uint8_t> bytes) {
    return std::ranges::all_of(
        bytes, [](std::uint8_t c) { return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t'; });
}

std::span<const std::uint8_t, kHeaderSize> header_bytes(std::span<const std::uint8_t> raw) {
    return raw.first<kHeaderSize>();
}

// The field of a line that is 160 hex digits.
std::optional<BlockHeader> header_in(std::string_view line) {
    std::array<std::uint8_t, kHeaderSize> raw{};
    while (!line.empty()) {
        const std::size_t end = std::min(line.find_first_of(kSeparators), line.size());
        if (end == 2 * kHeaderSize && util::from_hex(line.substr(0, end), std::span<std::uint8_t>(raw)))
            return BlockHeader::parse(raw);
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    return std::nullopt;
}

}  // namespace

std::string_view HeaderReader::format_name() const {
    switch (format_) {
        case Format::Raw:
            return "raw headers";
        case Format::Blocks:
            return "blocks";
        case Format::Hex:
            return "hex lines";
        case Format::Store:
            break;
    }
    return "lode's store";
}

Error HeaderReader::malformed(std::string what, std::string expected) const {
    return {ErrorKind::Malformed, std::move(what), fmt::format("byte {}", position_), std::move(expected)};
}

Result<std::span<const std::uint8_t>> HeaderReader::peek(std::size_t n) {
    if (buffer_.size() - start_ < n && !ended_) {
        buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(start_));
        start_ = 0;
        const std::size_t held = buffer_.size();
        buffer_.resize(std::max(n, kReadAhead));
        const auto got = source_(std::span(buffer_).subspan(held));
        if (!got) {
            buffer_.resize(held);
            return tl::unexpected(got.error());
        }
        ended_ = *got < buffer_.size() - held;
        buffer_.resize(held + *got);
    }
    return std::span<const std::uint8_t>(buffer_).subspan(start_, std::min(n, buffer_.size() - start_));
}

void HeaderReader::use(std::size_t n) {
    start_ += n;
    position_ += n;
}

std::optional<Error> HeaderReader::detect() {
    detected_ = true;
    const auto seen = peek(2 * kHeaderSize);
    if (!seen) return seen.error();
    if (seen->empty()) return malformed("is empty", "headers");
    const auto begins = [&](auto&& bytes) {
        return seen->size() >= std::size(bytes) &&
               std::equal(std::begin(bytes), std::end(bytes), seen->begin());
    };
    if (begins(kStoreMagic)) {
        format_ = Format::Store;
        const auto start = peek(kStorePrologue);
        if (!start) return start.error();
        if (start->size() == kStorePrologue) prologue_ = read_prologue(start->first<kStorePrologue>());
        if (!prologue_)
            return malformed("a header store whose beginning is damaged", "64 bytes with a checksum");
        const std::string what = "headers of " + util::printable(prologue_->network);
        const Network* network = find_network(prologue_->network);
        if (network == nullptr) return malformed(what, "a network that lode knows");
        if (auto error = settle(*network, malformed(what, {}))) return error;
        use(kStorePrologue);
        return std::nullopt;
    }
    for (const Network& n : networks()) {
        if (!begins(n.magic)) continue;
        format_ = Format::Blocks;
        return settle(n, malformed(fmt::format("blocks of {}", n.name), {}));
    }
    format_ = is_text(*seen) ? Format::Hex : Format::Raw;
    return std::nullopt;
}

// The bytes are of this network.
std::optional<Error> HeaderReader::settle(const Network& network, Error otherwise) {
    if (network_ == nullptr) network_ = &network;
    if (network_->name == network.name) return std::nullopt;
    otherwise.expected = network_->name;
    return otherwise;
}

// Bare headers name their network where they begin: at its genesis, or with the header after it.
std::optional<Error> HeaderReader::recognise(const Item& first) {
    const Hash256 hash = first.header.hash();
    for (const Network& n : networks()) {
        if (hash != n.genesis_hash && first.header.prev != n.genesis_hash) continue;
        return settle(n,
                      {ErrorKind::Malformed,
                       fmt::format("{} the genesis of {}", hash == n.genesis_hash ? "is" : "follows", n.name),
                       first.place,
                       {}});
    }
    return std::nullopt;
}

Result<std::optional<HeaderReader::Item>> HeaderReader::next() {
    if (detected_) return next_item();
    if (auto error = detect()) return tl::unexpected(*error);
    auto item = next_item();
    if (!item || !*item) return item;
    if (auto error = recognise(**item)) return tl::unexpected(*error);
    return item;
}

Result<std::optional<HeaderReader::Item>> HeaderReader::next_item() {
    switch (format_) {
        case Format::Raw:
            return next_raw();
        case Format::Blocks:
            return next_block();
        case Format::Hex:
            return next_line();
        case Format::Store:
            break;
    }
    return next_record();
}

Result<std::optional<HeaderReader::Item>> HeaderReader::next_raw() {
    const auto raw = peek(kHeaderSize);
    if (!raw) return tl::unexpected(raw.error());
    if (raw->empty()) return std::nullopt;
    if (raw->size() < kHeaderSize)
        return tl::unexpected(malformed(fmt::format("{} bytes are left", raw->size()), "80 bytes a header"));
    Item item{BlockHeader::parse(header_bytes(*raw)),
              fmt::format("header {} (byte {})", count_++, position_)};
    use(kHeaderSize);
    return item;
}

Result<std::optional<HeaderReader::Item>> HeaderReader::next_record() {
    const auto raw = peek(kStoreRecord);
    if (!raw) return tl::unexpected(raw.error());
    if (raw->empty()) return std::nullopt;
    if (raw->size() < kStoreRecord)
        return tl::unexpected(malformed(fmt::format("{} bytes are left", raw->size()), "84 bytes a header"));
    const auto header = header_bytes(*raw);
    const Hash256 hash = crypto::hash_header(header);
    if (!std::equal(hash.bytes.begin(), hash.bytes.begin() + 4, raw->begin() + kHeaderSize))
        return tl::unexpected(
            malformed(fmt::format("record {} is damaged", count_), "the checksum of its bytes"));
    Item item{BlockHeader::parse(header), fmt::format("record {} (byte {})", count_++, position_)};
    use(kStoreRecord);
    return item;
}

// Frames of magic, size (4 bytes, little-endian), block; zeros between them are space set aside by the node.
Result<std::optional<HeaderReader::Item>> HeaderReader::next_block() {
    for (;;) {
        const auto frame = peek(8);
        if (!frame) return tl::unexpected(frame.error());
        const auto zeros = static_cast<std::size_t>(
            std::ranges::find_if(*frame, [](std::uint8_t byte) { return byte != 0; }) - frame->begin());
        if (zeros > 0) {
            use(zeros);
            continue;
        }
        if (frame->empty()) return std::nullopt;
        if (frame->size() < 8 || !std::equal(network_->magic.begin(), network_->magic.end(), frame->begin()))
            return tl::unexpected(
                malformed("no block begins here", fmt::format("the magic of {}", network_->name)));
        std::size_t size = 0;
        for (std::size_t i = 8; i-- > 4;) size = size << 8 | (*frame)[i];
        if (size <= kHeaderSize || size > kMaxBlockSize)
            return tl::unexpected(malformed(fmt::format("a block of {} bytes", size), "81 to 4,000,000"));
        const auto framed = peek(8 + size);
        if (!framed) return tl::unexpected(framed.error());
        if (framed->size() < 8 + size)
            return tl::unexpected(
                malformed(fmt::format("a block of {} bytes is cut off after {}", size, framed->size() - 8),
                          "a whole block"));
        const auto block = parse_block(framed->subspan(8));
        if (!block) return tl::unexpected(block.error().at(fmt::format("byte {}", position_)));
        if (block->merkle_root != block->header.merkle_root)
            return tl::unexpected(
                malformed("block " + block->hash.hex() + ": merkle root " + block->merkle_root.hex(),
                          block->header.merkle_root.hex()));
        Item item{block->header, fmt::format("block {} (byte {})", count_++, position_)};
        use(8 + size);
        return item;
    }
}

Result<std::optional<HeaderReader::Item>> HeaderReader::next_line() {
    for (;;) {
        const auto ahead = peek(kMaxLine);
        if (!ahead) return tl::unexpected(ahead.error());
        if (ahead->empty()) return std::nullopt;
        const auto newline = std::ranges::find(*ahead, std::uint8_t{'\n'});
        const auto size = static_cast<std::size_t>(newline - ahead->begin());
        ++count_;
        if (newline == ahead->end() && size == kMaxLine)
            return tl::unexpected(
                malformed(fmt::format("line {} is too long", count_), "at most 4095 characters"));
        std::string_view line(reinterpret_cast<const char*>(ahead->data()), size);
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
            line.remove_suffix(1);
        const auto header = header_in(line);
        const bool blank = line.empty() || line.front() == '#';
        if (!header && !blank && count_ > 1)  // the first may be a heading
            return tl::unexpected(malformed(fmt::format("line {}: \"{}\"", count_, util::printable(line, 60)),
                                            "a header of 160 hex digits"));
        use(size + (newline == ahead->end() ? 0 : 1));
        if (header) return Item{*header, fmt::format("line {}", count_)};
    }
}

}  // namespace lode::chain
