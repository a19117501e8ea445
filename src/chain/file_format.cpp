#include "chain/file_format.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "chain/header_store.h"
#include "chain/rules.h"
#include "chain/target.h"
#include "util/hex.h"

namespace lode::chain {
namespace {

using namespace std::string_view_literals;

constexpr auto kKnown =
    "raw headers, blk*.dat, hex digits as lines, CSV or JSON, headers.dat of lode, or gzip of these";

// Other file types that users may pass, by their first bytes.
struct Foreign {
    std::string_view signature, name;
};
constexpr Foreign kForeign[] = {
    {"PK\x03\x04"sv, "a zip archive"},
    {"\xfd"
     "7zXZ\0"sv,
     "xz data"},
    {"BZh"sv, "bzip2 data"},
    {"\x28\xb5\x2f\xfd"sv, "Zstandard data"},
    {"7z\xbc\xaf\x27\x1c"sv, "a 7-Zip archive"},
    {"SQLite format 3\0"sv, "an SQLite database"},
    {"\x7f"
     "ELF"sv,
     "a program"},
    {"\xff\xfe"sv, "UTF-16 text"},
    {"\xfe\xff"sv, "UTF-16 text"},
};
constexpr auto kGzip = "\x1f\x8b\x08"sv, kUtf8Mark = "\xef\xbb\xbf"sv;

std::string_view as_text(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool is_text(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte >= 0x20 && byte != 0x7f) || c == '\n' || c == '\r' || c == '\t';
    });
}

// Whether 80 bytes can be a header: proof of work by its own nBits, a previous hash with some work, a time
// not before 2009. One random header in 30,000 would pass by the rules of regtest, none by others'.
bool resembles_header(std::span<const std::uint8_t, kHeaderSize> raw, const Network* given) {
    constexpr std::uint32_t kFirstTime = 1231006505;  // of the first genesis block
    const BlockHeader header = BlockHeader::parse(raw);
    const auto fits = [&, hash = header.hash()](const Network& n) {
        return header.time >= kFirstTime && header.prev.number() <= *target_of(n.pow_limit_bits) &&
               !check_proof_of_work(n, header, hash);
    };
    return given != nullptr && fits(*given) ? true : std::ranges::any_of(networks(), fits);
}

const Network* network_of_magic(std::span<const std::uint8_t> first, const Network* given) {
    const auto named = [&](const Network& n) {
        return first.size() >= n.magic.size() && std::ranges::equal(n.magic, first.first(n.magic.size()));
    };
    if (given != nullptr && named(*given)) return given;
    const auto found = std::ranges::find_if(networks(), named);
    return found == networks().end() ? nullptr : &*found;
}

Error unknown(std::span<const std::uint8_t> first, bool key_given) {
    Error error{ErrorKind::Malformed, {}, "byte 0", kKnown};
    const std::string_view text = as_text(first);
    const auto* foreign =
        std::ranges::find_if(kForeign, [&](const Foreign& f) { return text.starts_with(f.signature); });
    if (foreign != std::end(kForeign))
        error.what = foreign->name;
    else if (std::ranges::all_of(first, [](std::uint8_t byte) { return byte == 0; }))
        error.what = "zeros";
    else if (first.size() < kHeaderSize)
        error.what = fmt::format("{} bytes, less than a header", first.size());
    else
        error.what =
            fmt::format("begins with {}, which is neither a header with proof of work nor a block{}",
                        util::to_hex(first.first(8)),
                        key_given ? "" : "; for a blk*.dat that is obfuscated, its xor.dat is needed");
    return error;
}

}  // namespace

std::string_view name_of(FileFormat format) {
    switch (format) {
        case FileFormat::Raw:
            return "raw headers";
        case FileFormat::Blocks:
            return "blocks";
        case FileFormat::MaskedBlocks:
            return "obfuscated blocks";
        case FileFormat::Hex:
            return "hex lines";
        case FileFormat::Json:
            return "JSON";
        case FileFormat::Store:
            return "lode's store";
        case FileFormat::Gzip:
            return "gzip";
    }
    return "";
}

Result<FileStart> recognise_file(std::span<const std::uint8_t> first, const Network* given,
                                 const std::optional<XorKey>& key) {
    using enum FileFormat;
    if (first.empty()) return fail(ErrorKind::Malformed, "empty", "byte 0", kKnown);
    const std::string_view text = as_text(first);
    if (text.starts_with(kGzip)) return FileStart{Gzip};
    if (text.starts_with(kStoreMagic)) return FileStart{Store};
    if (const auto* network = network_of_magic(first, given)) return FileStart{Blocks, network};
    if (key) {
        std::array<std::uint8_t, 4> magic{};
        for (std::size_t i = 0; i < std::min(magic.size(), first.size()); ++i)
            magic[i] = first[i] ^ (*key)[i];
        if (const auto* network = network_of_magic(magic, given)) return FileStart{MaskedBlocks, network};
    }
    const std::size_t skip = text.starts_with(kUtf8Mark) ? kUtf8Mark.size() : 0;
    if (is_text(text) && !text.starts_with("\xff\xfe") && !text.starts_with("\xfe\xff")) {
        const auto begin = text.find_first_not_of(" \t\r\n", skip);
        const bool json = begin != std::string_view::npos && (text[begin] == '[' || text[begin] == '{');
        return FileStart{json ? Json : Hex, nullptr, skip};
    }
    if (first.size() >= kHeaderSize && resembles_header(first.first<kHeaderSize>(), given))
        return FileStart{Raw};
    return tl::unexpected(unknown(first, key.has_value()));
}

}  // namespace lode::chain
