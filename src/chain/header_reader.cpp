#include "chain/header_reader.h"

#include <algorithm>

#include <fmt/core.h>

#include "chain/block.h"
#include "crypto/hash_headers.h"
#include "crypto/sha256.h"
#include "util/hex.h"

namespace lode::chain {
namespace {

constexpr std::size_t kHashedAtOnce = 1024;

std::span<const std::uint8_t, kHeaderSize> header_bytes(std::span<const std::uint8_t> raw) {
    return raw.first<kHeaderSize>();
}

}  // namespace

std::string HeaderReader::Item::place() const {
    return byte ? fmt::format("{} {} (byte {})", unit, number, *byte) : fmt::format("{} {}", unit, number);
}

std::string HeaderReader::format_name() const {
    return std::string(name_of(format_)) + (gzip_ ? ", gzip" : "");
}

Error HeaderReader::malformed(std::string what, std::string expected) const {
    return {ErrorKind::Malformed, std::move(what), fmt::format("byte {}", position()), std::move(expected)};
}

std::optional<Error> HeaderReader::detect() {
    detected_ = true;
    for (;;) {
        const auto first = in_.peek(kFormatBytes);
        if (!first) return first.error();
        const auto start = recognise_file(*first, network_, key_);
        if (!start) return start.error();
        format_ = start->format;
        in_.use(start->skip);
        switch (format_) {
            case FileFormat::Gzip:
                if (gzip_) return malformed("gzip within gzip", "headers or blocks");
                gzip_ = true;
                in_.decode(util::gunzip);
                continue;
            case FileFormat::Store:
                return begin_store();
            case FileFormat::MaskedBlocks:
                in_.decode([this](ByteSource masked) { return unmask(std::move(masked), *key_); });
                [[fallthrough]];
            case FileFormat::Blocks:
                return settle(*start->network,
                              malformed(fmt::format("blocks of {}", start->network->name), {}));
            case FileFormat::Hex:
            case FileFormat::Json:
                text_.emplace(format_ == FileFormat::Json);
                return std::nullopt;
            case FileFormat::Raw:
                return std::nullopt;
        }
    }
}

std::optional<Error> HeaderReader::begin_store() {
    const auto start = in_.peek(kStorePrologue);
    if (!start) return start.error();
    if (start->size() == kStorePrologue) prologue_ = read_prologue(start->first<kStorePrologue>());
    if (!prologue_) return malformed("a header store whose beginning is damaged", "64 bytes with a checksum");
    const std::string what = "headers of " + util::printable(prologue_->network);
    const auto stored_as = [&](const Network& n) { return n.stored_name == prologue_->network; };
    const bool given = network_ != nullptr && stored_as(*network_);
    const auto found = std::ranges::find_if(networks(), stored_as);
    if (!given && found == networks().end()) return malformed(what, "a network that lode knows");
    if (auto error = settle(given ? *network_ : *found, malformed(what, {}))) return error;
    in_.use(kStorePrologue);
    return std::nullopt;
}

// Checks that the bytes are of this network.
std::optional<Error> HeaderReader::settle(const Network& network, Error otherwise) {
    if (network_ == nullptr) network_ = &network;
    if (network_->stored_name == network.stored_name) return std::nullopt;
    otherwise.expected = network_->name;
    return otherwise;
}

// Bare headers identify their network if they begin at its genesis, or with the header after it.
std::optional<Error> HeaderReader::recognise(const Item& first) {
    const auto begins = [&](const Network& n) {
        return first.hash == n.genesis_hash || first.header.prev == n.genesis_hash;
    };
    if (network_ != nullptr && begins(*network_)) return std::nullopt;
    const auto found = std::ranges::find_if(networks(), begins);
    if (found == networks().end()) return std::nullopt;
    return settle(*found, {ErrorKind::Malformed,
                           fmt::format("{} the genesis of {}",
                                       first.hash == found->genesis_hash ? "is" : "follows", found->name),
                           first.place(),
                           {}});
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
        case FileFormat::Raw:
        case FileFormat::Gzip:
            return next_raw();
        case FileFormat::Blocks:
        case FileFormat::MaskedBlocks:
            return next_block();
        case FileFormat::Hex:
        case FileFormat::Json:
            return next_text();
        case FileFormat::Store:
            break;
    }
    return next_record();
}

Result<std::optional<HeaderReader::Item>> HeaderReader::next_raw() {
    const bool hashed = ahead_used_ < ahead_.size();
    const auto raw = in_.peek(hashed ? kHeaderSize : kHashedAtOnce * kHeaderSize);
    if (!raw) return tl::unexpected(raw.error());
    if (raw->empty()) return std::nullopt;
    if (raw->size() < kHeaderSize)
        return tl::unexpected(malformed(fmt::format("{} bytes are left", raw->size()), "80 bytes a header"));
    if (!hashed) {
        ahead_.resize(raw->size() / kHeaderSize);
        crypto::hash_headers(*raw, kHeaderSize, ahead_);
        ahead_used_ = 0;
    }
    const Item item{BlockHeader::parse(header_bytes(*raw)), ahead_[ahead_used_++], "header", count_++,
                    position()};
    in_.use(kHeaderSize);
    return item;
}

Result<std::optional<HeaderReader::Item>> HeaderReader::next_record() {
    const auto raw = in_.peek(kStoreRecord);
    if (!raw) return tl::unexpected(raw.error());
    if (raw->empty()) return std::nullopt;
    if (raw->size() < kStoreRecord)
        return tl::unexpected(malformed(fmt::format("{} bytes are left", raw->size()), "84 bytes a header"));
    const auto bytes = header_bytes(*raw);
    const Hash256 hash = crypto::hash_header(bytes);
    if (!std::equal(hash.bytes.begin(), hash.bytes.begin() + 4, raw->begin() + kHeaderSize))
        return tl::unexpected(
            malformed(fmt::format("record {} is damaged", count_), "the checksum of its bytes"));
    const Item item{BlockHeader::parse(bytes), hash, "record", count_++, position()};
    in_.use(kStoreRecord);
    return item;
}

Result<std::optional<HeaderReader::Item>> HeaderReader::next_text() {
    auto found = text_->next(in_);
    if (!found) return tl::unexpected(found.error());
    if (!*found) return std::nullopt;
    ++count_;
    return Item{(*found)->header, (*found)->header.hash(), "line", (*found)->line};
}

// Skips zeros between blocks: space that the node has preallocated, not obfuscated. Returns whether a block
// follows.
Result<bool> HeaderReader::skip_padding() {
    constexpr std::size_t kWindow = 1 << 16;
    for (;;) {
        const auto ahead = in_.peek(kWindow);
        if (!ahead) return tl::unexpected(ahead.error());
        const auto padding = [&](std::size_t i) {
            const std::uint8_t zero = format_ == FileFormat::MaskedBlocks
                                          ? (*key_)[(position() + i) % key_->size()]
                                          : std::uint8_t{0};
            return (*ahead)[i] == zero;
        };
        const auto block_at = [&](std::size_t i) {
            return std::ranges::equal(ahead->subspan(i, std::min(network_->magic.size(), ahead->size() - i)),
                                      network_->magic);
        };
        std::size_t i = 0;
        while (i < ahead->size() && !block_at(i) && padding(i)) ++i;
        const bool more = i < ahead->size();
        // The magic may straddle the window's end.
        const bool whole = ahead->size() < kWindow || i + network_->magic.size() <= ahead->size();
        const bool block = more && block_at(i);
        in_.use(i);
        if (block) return true;
        if (more && whole)
            return tl::unexpected(
                malformed("no block begins here", fmt::format("the magic of {}", network_->name)));
        if (ahead->size() < kWindow) return false;
    }
}

// Frames of magic, size (4 bytes, little-endian), block.
Result<std::optional<HeaderReader::Item>> HeaderReader::next_block() {
    const auto more = skip_padding();
    if (!more) return tl::unexpected(more.error());
    if (!*more) return std::nullopt;
    const auto frame = in_.peek(kBlockFrame);
    if (!frame) return tl::unexpected(frame.error());
    if (frame->size() < kBlockFrame)
        return tl::unexpected(malformed("the frame of a block is cut off", "8 bytes"));
    std::size_t size = 0;
    for (std::size_t i = kBlockFrame; i-- > 4;) size = size << 8 | (*frame)[i];
    if (size <= kHeaderSize || size > kMaxBlockSize)
        return tl::unexpected(malformed(fmt::format("a block of {} bytes", size), "81 to 4,000,000"));
    const auto framed = in_.peek(kBlockFrame + size);
    if (!framed) return tl::unexpected(framed.error());
    if (framed->size() < kBlockFrame + size)
        return tl::unexpected(malformed(
            fmt::format("a block of {} bytes is cut off after {}", size, framed->size() - kBlockFrame),
            "a whole block"));
    const auto block = parse_block(framed->subspan(kBlockFrame));
    if (!block) return tl::unexpected(block.error().at(fmt::format("byte {}", position())));
    if (block->merkle_root != block->header.merkle_root)
        return tl::unexpected(
            malformed("block " + block->hash.hex() + ": merkle root " + block->merkle_root.hex(),
                      block->header.merkle_root.hex()));
    const Item item{block->header, block->hash, "block", count_++, position()};
    in_.use(kBlockFrame + size);
    return item;
}

}  // namespace lode::chain
