#include "chain/header_store.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "crypto/hash_headers.h"
#include "crypto/sha256.h"
#include "util/hex.h"

namespace lode::chain {
namespace {

constexpr std::size_t kNameSize = 12;
constexpr std::size_t kChecked = 56;  // bytes of the prologue under its checksum
constexpr Index kBatch = 12'000;      // records read or written at once, about 1 MiB

using Record = std::span<std::uint8_t, kStoreRecord>;

// Corrects a single wrong byte, if there is only one: some 20,000 candidates are tried against the 4-byte
// checksum. A false correction has a chance of one in 200,000, and would also have to pass every rule.
bool repair_byte(std::span<std::uint8_t> bytes, const std::function<bool()>& good) {
    for (std::uint8_t& byte : bytes) {
        const std::uint8_t found = byte;
        do {
            if (++byte != found && good()) return true;
        } while (byte != found);
    }
    return false;
}

// Whether the record's checksum matches the hash of its header.
bool is_sound(Record raw, const Hash256& hash) {
    return std::equal(hash.bytes.begin(), hash.bytes.begin() + 4, raw.begin() + kHeaderSize);
}

void put_record(std::vector<std::uint8_t>& out, const ChainTracker& tracker, Index i) {
    const auto raw = tracker.header(i).serialize();
    const auto& hash = tracker.hash(i).bytes;
    out.insert(out.end(), raw.begin(), raw.end());
    out.insert(out.end(), hash.begin(), hash.begin() + 4);
}

std::uint64_t offset_of(std::uint64_t record) {
    return kStorePrologue + record * kStoreRecord;
}

std::vector<std::uint8_t> whole_file(const ChainTracker& tracker) {
    const Anchor& anchor = tracker.anchor();
    const auto prologue = write_prologue({tracker.network().stored_name, anchor.height, anchor.work});
    std::vector<std::uint8_t> bytes(prologue.begin(), prologue.end());
    for (Index i = 0; i < tracker.size(); ++i) put_record(bytes, tracker, i);
    return bytes;
}

// Keeps the file under the first free name *.damaged-N: as a hard link, or a copy if links are not supported.
Result<std::string> keep_copy(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code code;
    std::string name;
    for (int n = 1; n == 1 || fs::exists(name, code); ++n) name = fmt::format("{}.damaged-{}", path, n);
    fs::create_hard_link(path, name, code);
    if (code) fs::copy_file(path, name, code);
    if (code)
        return fail(ErrorKind::Storage, "cannot keep a copy of the damaged file: " + code.message(), name);
    return name;
}

}  // namespace

std::array<std::uint8_t, kStorePrologue> write_prologue(const StorePrologue& prologue) {
    std::array<std::uint8_t, kStorePrologue> raw{};
    std::ranges::copy(kStoreMagic, raw.begin());
    std::copy_n(prologue.network.begin(), std::min(prologue.network.size(), kNameSize), raw.begin() + 8);
    for (std::size_t i = 0; i < 4; ++i) raw[20 + i] = static_cast<std::uint8_t>(prologue.height >> (8 * i));
    std::ranges::copy(prologue.work.to_le_bytes(), raw.begin() + 24);
    const auto check = crypto::sha256(std::span(raw).first<kChecked>());
    std::copy_n(check.begin(), 4, raw.begin() + kChecked);
    return raw;
}

std::optional<StorePrologue> read_prologue(std::span<const std::uint8_t, kStorePrologue> raw) {
    StorePrologue prologue;
    for (std::size_t i = 8; i < 8 + kNameSize && raw[i] != 0; ++i)
        prologue.network += static_cast<char>(raw[i]);
    for (std::size_t i = 4; i-- > 0;) prologue.height = prologue.height << 8 | raw[20 + i];
    prologue.work = Uint256::from_le_bytes(raw.subspan<24, 32>());
    if (prologue.height > kMaxAnchorHeight || prologue.work > max_anchor_work()) return std::nullopt;
    if (!std::ranges::equal(write_prologue(prologue), raw)) return std::nullopt;  // covers magic and checksum
    return prologue;
}

Result<HeaderStore> HeaderStore::open(const NetworkDir& dir, const std::optional<Anchor>& anchor,
                                      const Progress& progress) {
    HeaderStore store(dir);
    std::error_code code;
    if (!std::filesystem::exists(store.path_, code)) {
        store.begin(anchor.value_or(genesis_anchor(dir.network())));
        if (!dir.writable()) return store;
        store.leave_unwritten();
        if (anchor) return store;
        if (auto error = store.append(*store.tracker_)) return tl::unexpected(*error);
        return store;
    }
    auto file = File::open(store.path_, dir.writable() ? File::Mode::Write : File::Mode::Read);
    if (!file) return tl::unexpected(file.error());
    store.file_ = std::move(*file);
    const auto size = store.file_->size();
    if (!size) return tl::unexpected(size.error());
    if (auto error = store.read(progress)) return tl::unexpected(*error);
    const bool fresh = store.tracker_->size() == 1 && store.tracker_->anchor().height == 0 && !store.damaged_;
    if (anchor && *anchor != store.tracker_->anchor() && fresh && dir.writable()) {
        store.begin(*anchor);
        store.leave_unwritten();
        return store;
    }
    if (anchor && *anchor != store.tracker_->anchor())
        return fail(ErrorKind::Usage,
                    fmt::format("holds a chain that begins at height {}", store.tracker_->anchor().height),
                    store.path_, "the same checkpoint, or another data directory");
    if (dir.writable() && (store.damaged_ || offset_of(store.stored_) != *size))
        if (auto error = store.repair(*size)) return tl::unexpected(*error);
    if (!dir.writable()) store.file_.reset();
    return store;
}

Result<StorePrologue> HeaderStore::read_start() {
    std::array<std::uint8_t, kStorePrologue> raw{};
    const auto got = file_->read(0, raw);
    if (!got) return tl::unexpected(got.error());
    auto prologue = read_prologue(raw);
    if (!prologue) {
        damaged_ = true;
        const bool repaired = repair_byte(raw, [&] { return (prologue = read_prologue(raw)).has_value(); });
        remarks_.push_back(fmt::format("{}: its first {} bytes are damaged{}", path_, kStorePrologue,
                                       repaired ? "; one was wrong and has been repaired" : ""));
        if (!repaired)  // the prologue of a chain from genesis is known
            return StorePrologue{network_->stored_name, 0, {}};
    }
    if (prologue->network != network_->stored_name)
        return fail(ErrorKind::Storage, "holds headers of " + util::printable(prologue->network), path_,
                    network_->stored_name);
    return *prologue;
}

void HeaderStore::begin(const Anchor& anchor) {
    tracker_.emplace(*network_, anchor);
    stored_ = 1;
}

void HeaderStore::leave_unwritten() {
    unwritten_ = true;
    stored_ = 0;
}

// Adds one record to the tracker, or returns what is wrong with it.
std::optional<std::string> HeaderStore::read_record(std::uint64_t number, Record raw, Hash256 hash,
                                                    const StorePrologue& prologue) {
    if (!is_sound(raw, hash)) {
        const auto sound = [&] {
            return is_sound(raw, hash = crypto::hash_header(raw.first<kHeaderSize>()));
        };
        if (repairs_left_-- <= 0 || !repair_byte(raw, sound)) return "its checksum is not that of its bytes";
        damaged_ = true;
        remarks_.push_back(
            fmt::format("{}: record {} (byte {}) is damaged: one byte was wrong and has been repaired", path_,
                        number, offset_of(number)));
    }
    const BlockHeader header = BlockHeader::parse(raw.first<kHeaderSize>());
    if (!tracker_) {
        if (prologue.height == 0 && hash != network_->genesis_hash) return hash.hex() + " is not genesis";
        if (auto violation = check_proof_of_work(*network_, header, hash)) return violation->error().text();
        begin(prologue.height == 0 ? genesis_anchor(*network_)
                                   : Anchor{prologue.height, header, prologue.work});
        return std::nullopt;
    }
    if ((*tracker_)[stored_ - 1].hash != header.prev && !tracker_->find(header.prev))
        return "follows " + header.prev.hex() + ", which is not stored";
    const auto accepted = tracker_->accept(header, hash, kAnyTime);
    if (!accepted) return accepted.error().error().text();
    if (accepted->status != Accepted::Status::Added) return hash.hex() + " is stored twice";
    stored_ = tracker_->size();
    return std::nullopt;
}

std::optional<Error> HeaderStore::read(const Progress& progress) {
    const auto size = file_->size();
    if (!size) return size.error();
    const auto prologue = read_start();
    if (!prologue) return prologue.error();

    const std::uint64_t total = *size < kStorePrologue ? 0 : (*size - kStorePrologue) / kStoreRecord;
    std::vector<std::uint8_t> buffer(kBatch * kStoreRecord);
    std::vector<Hash256> hashes(kBatch);
    std::uint64_t bad = 0;
    bool empty_end = true;  // all bad bytes are zeros at the end: a power cut left that space unwritten
    for (std::uint64_t at = 0; at < total;) {
        const auto n = file_->read(offset_of(at), buffer);
        if (!n) return n.error();
        const std::uint64_t end = std::min(total, at + *n / kStoreRecord);
        if (end == at) break;  // truncated by its writer meanwhile
        crypto::hash_headers(buffer, kStoreRecord, std::span(hashes).first(end - at));
        for (std::size_t k = 0; at < end; ++at, ++k) {
            const Record record(buffer.data() + k * kStoreRecord, kStoreRecord);
            const auto fault = read_record(at, record, hashes[k], *prologue);
            if (!fault) {
                if (bad > 0) empty_end = false;
                continue;
            }
            if (!tracker_ && prologue->height > 0)
                return Error{ErrorKind::Storage, "its first header: " + *fault, path_, {}};
            if (!tracker_) begin(genesis_anchor(*network_));  // genesis is known without the file
            if (std::ranges::any_of(record, [](std::uint8_t byte) { return byte != 0; })) empty_end = false;
            if (bad++ == 0)
                remarks_.push_back(fmt::format("{}: record {} (byte {}, after height {}) is damaged: {}",
                                               path_, at, offset_of(at), tracker_->height(stored_ - 1),
                                               *fault));
        }
        if (progress) progress(at, total);
    }
    if (!tracker_ && prologue->height > 0)
        return Error{ErrorKind::Storage, "ends before its first header", path_, {}};
    if (!tracker_) begin(genesis_anchor(*network_));
    if (bad == 0) return std::nullopt;
    damaged_ = damaged_ || !empty_end;
    remarks_.push_back(
        fmt::format("{}: {} of {} headers cannot be used, {} are good", path_, bad, total, stored_));
    return std::nullopt;
}

std::optional<Error> HeaderStore::repair(std::uint64_t size) {
    const std::uint64_t good = offset_of(stored_);
    if (!damaged_ && size > good) {  // left by an append() that was interrupted
        remarks_.push_back(fmt::format("{}: cut {} bytes of an unfinished record", path_, size - good));
        return file_->truncate(good);
    }
    if (damaged_) {
        const auto kept = keep_copy(path_);
        if (!kept) return kept.error();
        remarks_.push_back(fmt::format("{}: kept as it was in {}", path_, *kept));
    }
    return rewrite(*tracker_);
}

std::optional<Error> HeaderStore::rewrite(const ChainTracker& tracker) {
    if (auto error = write_whole(path_, whole_file(tracker))) return error;
    auto file = File::open(path_, File::Mode::Write);
    if (!file) return file.error();
    file_ = std::move(*file);
    stored_ = tracker.size();
    unwritten_ = false;
    return std::nullopt;
}

std::optional<Error> HeaderStore::append(const ChainTracker& tracker) {
    if (auto error = write(tracker)) return error;
    return sync();
}

std::optional<Error> HeaderStore::sync() const {
    return file_ ? file_->sync() : std::nullopt;
}

std::optional<Error> HeaderStore::write(const ChainTracker& tracker) {
    if (unwritten_) return rewrite(tracker);
    if (!file_) return Error{ErrorKind::Internal, "is open for reading only", path_, {}};
    std::vector<std::uint8_t> batch;
    while (stored_ < tracker.size()) {
        const Index end = std::min<Index>(tracker.size(), stored_ + kBatch);
        batch.clear();
        for (Index i = stored_; i < end; ++i) put_record(batch, tracker, i);
        if (auto error = file_->write(offset_of(stored_), batch)) return error;
        stored_ = end;
    }
    return std::nullopt;
}

}  // namespace lode::chain
