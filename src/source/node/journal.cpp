#include "source/node/journal.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <system_error>
#include <unistd.h>

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

tl::unexpected<Error> storage(const std::string& doing, const fs::path& path, int number) {
    return fail(ErrorKind::Storage, doing + ": " + std::generic_category().message(number), path.string(),
                "a writable folder with space left");
}

class File {
 public:
    File(const fs::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] bool ok() const { return fd_ >= 0; }
    bool write(std::string_view text) {
        while (!text.empty()) {
            const ssize_t n = ::write(fd_, text.data(), text.size());
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return false;
            text.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }
    bool sync() { return ::fsync(fd_) == 0; }

 private:
    int fd_;
};

bool sync_folder(const fs::path& path) {
    File folder(path, O_RDONLY | O_DIRECTORY);
    return folder.ok() && folder.sync();
}

fs::path name_of(const PendingBlock& block) {
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
    if (entry.is_discarded()) return fail(ErrorKind::Storage, "torn or not JSON", {}, "a block");
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

Result<void> Journal::add(const PendingBlock& block) {
    std::error_code code;
    const bool is_new = fs::create_directory(folder(), code);
    if (code) return storage("cannot create", folder(), code.value());
    if (is_new && !sync_folder(dir_)) return storage("cannot flush", dir_, errno);
    const json head = {{"network", block.network},
                       {"node", block.node},
                       {"height", block.height},
                       {"hash", block.hash.hex()},
                       {"found", block.found}};
    // The block is megabytes of plain digits: put in as text, since every millisecond counts now.
    std::string entry = head.dump(-1, ' ', true, json::error_handler_t::replace);
    entry.back() = ',';
    entry += "\"block\":\"" + block.hex + "\"}\n";
    // Whole under its final name or not there at all: written beside it, flushed, renamed.
    const fs::path target = folder() / name_of(block), draft = target.string() + ".new";
    {
        File file(draft, O_WRONLY | O_CREAT | O_TRUNC);
        if (!file.ok()) return storage("cannot create", draft, errno);
        if (!file.write(entry) || !file.sync()) {
            const int number = errno;
            fs::remove(draft, code);
            return storage("cannot write", draft, number);
        }
    }
    fs::rename(draft, target, code);
    if (code) return storage("cannot rename", draft, code.value());
    if (!sync_folder(folder())) return storage("cannot flush", folder(), errno);
    return {};
}

// What a killed process left between writing and renaming. A whole one counts; a torn one was never
// acknowledged and goes, unless it is so young that another process may be writing it.
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

std::vector<PendingBlock> Journal::load(std::vector<std::string>& complaints) {
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
        complaints.push_back(block.error().at(util::printable(path.string(), 300)).text() + "; set aside");
    }
    // Parents first: a node refuses a block whose parent it does not have.
    std::ranges::sort(blocks, {}, [](const PendingBlock& b) { return b.height; });
    return blocks;
}

Result<void> Journal::resolve(const PendingBlock& block, const std::string& outcome, bool keep) {
    std::error_code code;
    const json line = {{"network", block.network}, {"node", block.node},   {"height", block.height},
                       {"hash", block.hash.hex()}, {"found", block.found}, {"outcome", outcome}};
    {
        File log(dir_ / "blocks.log", O_WRONLY | O_CREAT | O_APPEND);
        if (!log.ok() || !log.write(line.dump(-1, ' ', true, json::error_handler_t::replace) + "\n"))
            return storage("cannot write", dir_ / "blocks.log", errno);
    }
    const fs::path path = folder() / name_of(block);
    if (!keep) {
        fs::remove(path, code);
    } else {
        fs::create_directory(dir_ / "blocks-refused", code);
        fs::rename(path, dir_ / "blocks-refused" / name_of(block), code);
    }
    if (code && code != std::errc::no_such_file_or_directory)
        return storage("cannot move", path, code.value());
    return {};
}

}  // namespace lode::source::node
