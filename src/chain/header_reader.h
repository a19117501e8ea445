// Headers out of a stream of bytes, in whatever form they come: raw 80 bytes each, a node's blk*.dat, lines
// of hex (CSV too), or a header store of lode. The form shows in the first bytes. The bytes are anybody's:
// nothing is believed, memory is bounded.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "chain/header_store.h"
#include "chain/network.h"
#include "lode/header.h"
#include "lode/result.h"

namespace lode::chain {

// Fills the span from its front; fewer bytes only at the end.
using ByteSource = std::function<Result<std::size_t>(std::span<std::uint8_t>)>;

class HeaderReader {
 public:
    enum class Format { Raw, Blocks, Hex, Store };
    struct Item {
        BlockHeader header;
        std::string place;  // "header 17 (byte 1360)", "line 3"
    };

    // null: the network that the bytes name, if they name one. Of another than the given one is an Error.
    HeaderReader(const Network* network, ByteSource source) : network_(network), source_(std::move(source)) {}

    // The next header, nothing at the end. After an Error there is no more to read. A block's transactions
    // must be those of its header.
    Result<std::optional<Item>> next();

    // Known after the first next().
    [[nodiscard]] Format format() const { return format_; }
    [[nodiscard]] const Network* network() const { return network_; }  // null: neither given nor named
    [[nodiscard]] std::string_view format_name() const;
    [[nodiscard]] const std::optional<StorePrologue>& prologue() const { return prologue_; }  // of a store
    [[nodiscard]] std::uint64_t position() const { return position_; }  // bytes used so far

 private:
    std::optional<Error> detect();
    std::optional<Error> settle(const Network& network, Error otherwise);
    std::optional<Error> recognise(const Item& first);
    Result<std::optional<Item>> next_item();
    Result<std::optional<Item>> next_raw();
    Result<std::optional<Item>> next_block();
    Result<std::optional<Item>> next_line();
    Result<std::optional<Item>> next_record();
    [[nodiscard]] Error malformed(std::string what, std::string expected) const;

    // Up to n bytes that come next, without using them; fewer at the end.
    Result<std::span<const std::uint8_t>> peek(std::size_t n);
    void use(std::size_t n);  // at most what was peeked

    const Network* network_;
    ByteSource source_;
    Format format_ = Format::Raw;
    bool detected_ = false;
    std::optional<StorePrologue> prologue_;
    std::vector<std::uint8_t> buffer_;
    std::size_t start_ = 0;  // bytes of the buffer already used
    bool ended_ = false;
    std::uint64_t position_ = 0;
    std::uint64_t count_ = 0;  // headers, or lines
};

}  // namespace lode::chain
