#include "source/node/journal.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "source/node/fields.h"
#include "util/hex.h"

namespace lode::source::node {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kMaxBlock = 4u << 20;  // bytes; consensus allows 4,000,000
constexpr std::uintmax_t kMaxFile = 2 * kMaxBlock + 4096;
constexpr std::size_t kMaxEntries = 10'000;

tl::unexpected<Error> storage(const std::string& what, const fs::path& path, const std::error_code& code) {
    return fail(ErrorKind::Storage, what + ": " + code.message(), path.string(),
                "a writable directory with free space");
}

fs::path file_name_of(const PendingBlock& block) {
    return block.hash.hex() + ".json";
}

Result<PendingBlock> read_entry(const fs::path& path) {
    std::error_code code;
    const auto size = fs::file_size(path, code);
    if (code || size > kMaxFile)
        return fail(ErrorKind::Storage, code ? code.message() : std::to_string(size) + " bytes", {},
                    "a block");
    std::ifstream in(path, std::ios::binary);
    const json entry = json::parse(in, nullptr, false);
    if (entry.is_discarded()) return fail(ErrorKind::Storage, "incomplete or not JSON", {}, "a block");
    Fields fields(entry, "entry");
    PendingBlock block;
    block.network = fields.text("network", 20);
    block.node = fields.text("node", 2048);
    block.height = static_cast<std::int64_t>(fields.number("height", 1, 0x7fffffff));
    block.hash = fields.hash("hash");
    block.found = static_cast<std::int64_t>(fields.number("found", 0, std::uint64_t{1} << 40));
    const auto bytes = fields.bytes("block", kMaxBlock);
    if (!fields.error() && (bytes.size() <= kHeaderSize ||
                            BlockHeader::parse(std::span(bytes).first<kHeaderSize>()).hash() != block.hash))
        fields.wrong("block", "does not have the hash " + block.hash.hex(), "the block of that hash");
    if (fields.error()) return tl::unexpected(*fields.error());
    block.hex = util::to_hex(bytes);
    return block;
}

}  // namespace

Journal::Journal(std::filesystem::path data_dir, net::DiskThread& disk)
    : dir_(std::move(data_dir)), sync_(disk, [this] { return sync_written(); }) {}

Result<void> Journal::add(const PendingBlock& block, net::DiskSync::Done synced) {
    auto file = write_entry(block);
    if (!file) return tl::unexpected(file.error());
    unsynced_.push_back(std::make_shared<const chain::File>(std::move(*file)));
    sync_.sync(std::move(synced));
    return {};
}

Result<chain::File> Journal::write_entry(const PendingBlock& block) {
    std::error_code code;
    fs::create_directory(folder(), code);
    if (code) return storage("cannot create", folder(), code);
    const json head = {{"network", block.network},
                       {"node", block.node},
                       {"height", block.height},
                       {"hash", block.hash.hex()},
                       {"found", block.found}};
    // The block is megabytes of hex digits: appended as text, since every millisecond counts here.
    std::string entry = head.dump(-1, ' ', true, json::error_handler_t::replace);
    entry.back() = ',';
    entry += "\"block\":\"" + block.hex + "\"}\n";
    // Atomic: written to a temporary file, then renamed.
    const fs::path target = folder() / file_name_of(block), draft = target.string() + ".new";
    fs::remove(draft, code);  // of an earlier attempt
    auto file = chain::File::open(draft.string(), chain::File::Mode::Write);
    if (!file) return file;
    if (auto error =
            file->write(0, std::span(reinterpret_cast<const std::uint8_t*>(entry.data()), entry.size()))) {
        fs::remove(draft, code);
        return tl::unexpected(std::move(*error));
    }
    fs::rename(draft, target, code);
    if (code) return storage("cannot rename", draft, code);
    return file;
}

net::DiskSync::Task Journal::sync_written() {
    return [files = std::exchange(unsynced_, {}), dir = dir_, folder = folder()]() -> std::optional<Error> {
        for (const auto& file : files)
            if (auto error = file->sync()) return error;
        if (auto error = chain::sync_directory(folder.string())) return error;
        return chain::sync_directory(dir.string());  // in case the directory is new
    };
}

// Temporary files of a process killed between write and rename. A complete one is adopted; an incomplete one
// was never acknowledged and is removed, unless it is so recent that another process may be writing it.
void Journal::adopt_drafts() {
    std::error_code code;
    std::vector<fs::path> drafts;
    for (fs::directory_iterator it(folder(), code), end; !code && it != end; it.increment(code))
        if (it->path().extension() == ".new" && drafts.size() < kMaxEntries) drafts.push_back(it->path());
    for (const fs::path& draft : drafts) {
        if (read_entry(draft)) {
            fs::rename(draft, fs::path(draft).replace_extension(), code);
        } else if (fs::last_write_time(draft, code) <
                   fs::file_time_type::clock::now() - std::chrono::minutes(1)) {
            fs::remove(draft, code);
        }
    }
}

std::vector<PendingBlock> Journal::load(std::vector<std::string>& errors) {
    adopt_drafts();
    std::error_code code;
    std::vector<fs::path> paths;
    for (fs::directory_iterator it(folder(), code), end; !code && it != end; it.increment(code))
        if (it->path().extension() == ".json" && paths.size() < kMaxEntries) paths.push_back(it->path());
    std::vector<PendingBlock> blocks;
    for (const fs::path& path : paths) {
        auto block = read_entry(path);
        if (block) {
            blocks.push_back(std::move(*block));
            continue;
        }
        fs::rename(path, path.string() + ".damaged", code);
        errors.push_back(block.error().at(util::printable(path.string(), 300)).text() + "; set aside");
    }
    // Parents first: a node refuses a block whose parent it does not have.
    std::ranges::sort(blocks, {}, [](const PendingBlock& b) { return b.height; });
    return blocks;
}

Result<void> Journal::resolve(const PendingBlock& block, const std::string& outcome, bool keep) {
    std::error_code code;
    const json line = {{"network", block.network}, {"node", block.node},   {"height", block.height},
                       {"hash", block.hash.hex()}, {"found", block.found}, {"outcome", outcome}};
    std::ofstream log(dir_ / "blocks.log", std::ios::app);
    log << line.dump(-1, ' ', true, json::error_handler_t::replace) << std::endl;
    if (!log) return storage("cannot write", dir_ / "blocks.log", {errno, std::generic_category()});
    const fs::path path = folder() / file_name_of(block);
    if (!keep) {
        fs::remove(path, code);
    } else {
        fs::create_directory(dir_ / "blocks-refused", code);
        fs::rename(path, dir_ / "blocks-refused" / file_name_of(block), code);
    }
    if (code && code != std::errc::no_such_file_or_directory) return storage("cannot move", path, code);
    return {};
}

}  // namespace lode::source::node
