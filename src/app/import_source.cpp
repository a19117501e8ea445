#include "app/import_source.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include "chain/file.h"

namespace lode::app {
namespace {

// A node keeps the key of its block files in xor.dat in the same directory: eight bytes, zeros if it does not
// obfuscate (Bitcoin Core, node/blockstorage.cpp).
Result<std::optional<chain::XorKey>> read_key(const std::filesystem::path& path) {
    std::error_code code;
    if (!std::filesystem::exists(path, code)) return std::nullopt;
    const auto file = chain::File::open(path.string(), chain::File::Mode::Read);
    if (!file) return tl::unexpected(file.error());
    chain::XorKey key{};
    const auto size = file->size();
    if (!size) return tl::unexpected(size.error());
    if (*size != key.size())
        return fail(ErrorKind::Malformed, std::to_string(*size) + " bytes", path.string(), "a key of 8");
    const auto got = file->read(0, key);
    if (!got) return tl::unexpected(got.error());
    return key;
}

Result<std::size_t> read_standard_input(std::span<std::uint8_t> out) {
    const std::size_t n = std::fread(out.data(), 1, out.size(), stdin);
    if (n < out.size() && std::ferror(stdin) != 0)
        return fail(ErrorKind::Storage, "cannot be read", "standard input");
    return n;
}

}  // namespace

Result<ImportSource> open_import_source(const std::string& path) {
    if (path == "-") return ImportSource{read_standard_input, 0, std::nullopt};
    auto file = chain::File::open(path, chain::File::Mode::Read);
    if (!file) return tl::unexpected(Error{ErrorKind::Usage, file.error().what, path, {}});
    const auto key = read_key(std::filesystem::path(path).parent_path() / "xor.dat");
    if (!key) return tl::unexpected(key.error());
    const std::uint64_t size = file->size().value_or(0);
    auto read = [shared = std::make_shared<chain::File>(std::move(*file)),
                 offset = std::uint64_t{0}](std::span<std::uint8_t> out) mutable -> Result<std::size_t> {
        auto n = shared->read(offset, out);
        if (n) offset += *n;
        return n;
    };
    return ImportSource{std::move(read), size, *key};
}

}  // namespace lode::app
