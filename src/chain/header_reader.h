// Reads headers from a byte stream in any supported format: raw 80 bytes each, a node's blk*.dat (also
// obfuscated), hex digits in text, a header store of lode, or gzip of these. The format is detected from the
// first bytes. The input is untrusted: memory is bounded, and every header is returned or named in an Error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chain/byte_stream.h"
#include "chain/file_format.h"
#include "chain/header_store.h"
#include "chain/header_text.h"
#include "chain/network.h"
#include "lode/header.h"
#include "lode/result.h"

namespace lode::chain {

class HeaderReader {
 public:
    struct Item {
        BlockHeader header;
        Hash256 hash;
        std::string_view unit;  // "header", "block", "record", "line"
        std::uint64_t number = 0;
        std::optional<std::uint64_t> byte{};
        [[nodiscard]] std::string place() const;  // "header 17 (byte 1360)", "line 3"
    };

    // network: the expected one, others are an Error; null: the one that the bytes identify, if any. key: of
    // obfuscated block files, if any.
    HeaderReader(const Network* network, ByteSource source, std::optional<XorKey> key = std::nullopt)
        : network_(network), in_(std::move(source)), key_(key) {}

    // The next header, nullopt at the end. Not to be called after an Error. A block's transactions must match
    // its header's merkle root.
    Result<std::optional<Item>> next();

    // Known after the first next().
    [[nodiscard]] FileFormat format() const { return format_; }
    [[nodiscard]] std::string format_name() const;                     // "raw headers", "blocks, gzip"
    [[nodiscard]] const Network* network() const { return network_; }  // null: neither given nor identified
    [[nodiscard]] const std::optional<StorePrologue>& prologue() const { return prologue_; }  // of a store
    // Bytes consumed so far, after unpacking.
    [[nodiscard]] std::uint64_t position() const { return in_.position(); }

 private:
    std::optional<Error> detect();
    std::optional<Error> begin_store();
    std::optional<Error> settle(const Network& network, Error otherwise);
    std::optional<Error> recognise(const Item& first);
    Result<std::optional<Item>> next_item();
    Result<std::optional<Item>> next_raw();
    Result<std::optional<Item>> next_block();
    Result<std::optional<Item>> next_text();
    Result<std::optional<Item>> next_record();
    Result<bool> skip_padding();
    [[nodiscard]] Error malformed(std::string what, std::string expected) const;

    const Network* network_;
    ByteStream in_;
    std::optional<XorKey> key_;
    FileFormat format_ = FileFormat::Raw;
    bool detected_ = false, gzip_ = false;
    std::optional<StorePrologue> prologue_;
    std::optional<HeaderText> text_;
    std::uint64_t count_ = 0;     // headers returned
    std::vector<Hash256> ahead_;  // of raw headers read ahead, …
    std::size_t ahead_used_ = 0;  // … of which this many have been returned
};

}  // namespace lode::chain
