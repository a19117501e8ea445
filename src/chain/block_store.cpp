#include "chain/block_store.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "chain/rules.h"

namespace lode::chain {
namespace {

std::uint32_t size_in(std::span<const std::uint8_t, kBlockFrame> frame) {
    std::uint32_t size = 0;
    for (std::size_t i = 4; i-- > 0;) size = size << 8 | frame[4 + i];
    return size;
}

// Parses a block and checks what is required to store it: proof of work, and the merkle root of its
// transactions.
Result<BlockView> check_block(const Network& network, std::span<const std::uint8_t> raw) {
    auto block = parse_block(raw);
    if (!block) return block;
    if (auto violation = check_proof_of_work(network, block->header, block->hash))
        return tl::unexpected(violation->error());
    if (block->merkle_root != block->header.merkle_root)
        return fail(ErrorKind::Malformed, "merkle root " + block->merkle_root.hex() + " of its transactions",
                    "block " + block->hash.hex(), block->header.merkle_root.hex());
    return block;
}

}  // namespace

Result<BlockStore> BlockStore::open(const NetworkDir& dir) {
    BlockStore store(dir);
    std::error_code code;
    if (!dir.writable() && !std::filesystem::exists(store.path_, code)) return store;
    auto file = File::open(store.path_, dir.writable() ? File::Mode::Write : File::Mode::Read);
    if (!file) return tl::unexpected(file.error());
    store.file_ = std::move(*file);
    if (auto error = store.scan(dir.writable())) return tl::unexpected(*error);
    if (dir.writable())
        if (auto error = sync_directory(dir.path())) return tl::unexpected(*error);
    store.writable_ = dir.writable();
    return store;
}

Result<BlockStore::Found> BlockStore::block_at(std::uint64_t offset, std::uint64_t size) const {
    Found found;
    std::array<std::uint8_t, kBlockFrame> frame{};
    const auto got = file_->read(offset, frame);
    if (!got) return tl::unexpected(got.error());
    if (*got < kBlockFrame || !std::ranges::equal(network_->magic, std::span(frame).first<4>())) {
        found.fault = *got < kBlockFrame ? "its frame is incomplete" : "no block begins there";
        found.incomplete = *got < kBlockFrame;
        return found;
    }
    found.place = {offset + kBlockFrame, size_in(frame)};
    if (found.place.size > kMaxBlockSize) {
        found.fault = fmt::format("it claims {} bytes", found.place.size);
        return found;
    }
    if (offset + kBlockFrame + found.place.size > size) {
        found.fault = "it is incomplete";
        found.incomplete = true;
        return found;
    }
    std::vector<std::uint8_t> raw(found.place.size);
    if (const auto n = file_->read(found.place.offset, raw); !n) return tl::unexpected(n.error());
    const auto block = check_block(*network_, raw);
    if (!block)
        found.fault = block.error().text();
    else
        found.hash = block->hash;
    return found;
}

// The offset of the next magic at or after offset; size if there is none.
Result<std::uint64_t> BlockStore::next_magic(std::uint64_t offset, std::uint64_t size) const {
    std::vector<std::uint8_t> buffer(1 << 16);
    while (offset + kBlockFrame <= size) {
        const auto got = file_->read(offset, buffer);
        if (!got) return tl::unexpected(got.error());
        const auto seen = std::span(buffer).first(*got);
        const auto& magic = network_->magic;
        const auto hit = std::search(seen.begin(), seen.end(), magic.begin(), magic.end());
        if (hit != seen.end()) return offset + static_cast<std::uint64_t>(hit - seen.begin());
        if (*got < buffer.size()) break;
        offset += *got - 3;  // the magic may straddle two reads
    }
    return size;
}

std::optional<Error> BlockStore::scan(bool writable) {
    const auto size = file_->size();
    if (!size) return size.error();
    end_ = 0;
    while (end_ < *size) {
        const auto found = block_at(end_, *size);
        if (!found) return found.error();
        if (found->fault.empty()) {
            if (places_.emplace(found->hash, found->place).second) order_.push_back(found->hash);
            end_ = found->place.offset + found->place.size;
            continue;
        }
        const auto next = next_magic(end_ + 1, *size);
        if (!next) return next.error();
        if (found->incomplete && *next == *size) {  // left by an append() that was interrupted
            if (!writable) return std::nullopt;
            remarks_.push_back(fmt::format("{}: cut {} bytes of an unfinished block", path_, *size - end_));
            return file_->truncate(end_);
        }
        damaged_ = true;
        remarks_.push_back(fmt::format("{}: the block at byte {} is damaged: {}; {} bytes skipped", path_,
                                       end_, found->fault, *next - end_));
        end_ = *next;
    }
    return std::nullopt;
}

Result<std::optional<std::vector<std::uint8_t>>> BlockStore::read(const Hash256& hash) const {
    const auto place = places_.find(hash);
    if (place == places_.end()) return std::nullopt;
    std::vector<std::uint8_t> raw(place->second.size);
    const auto got = file_->read(place->second.offset, raw);
    if (!got) return tl::unexpected(got.error());
    const auto block = check_block(*network_, raw);
    if (!block || block->hash != hash)
        return fail(ErrorKind::Storage, "block " + hash.hex() + " is damaged", path_);
    return raw;
}

std::optional<Error> BlockStore::append(std::span<const std::uint8_t> raw) {
    if (auto error = write(raw)) return error;
    return sync();
}

std::optional<Error> BlockStore::sync() const {
    return file_ ? file_->sync() : std::nullopt;
}

std::optional<Error> BlockStore::write(std::span<const std::uint8_t> raw) {
    if (!writable_) return Error{ErrorKind::Internal, "is open for reading only", path_, {}};
    const auto block = check_block(*network_, raw);
    if (!block) return block.error();
    if (contains(block->hash)) return std::nullopt;
    std::vector<std::uint8_t> framed(network_->magic.begin(), network_->magic.end());
    for (unsigned i = 0; i < 4; ++i) framed.push_back(static_cast<std::uint8_t>(raw.size() >> (8 * i)));
    framed.insert(framed.end(), raw.begin(), raw.end());
    if (auto error = file_->write(end_, framed)) return error;
    places_[block->hash] = {end_ + kBlockFrame, static_cast<std::uint32_t>(raw.size())};
    order_.push_back(block->hash);
    end_ += framed.size();
    return std::nullopt;
}

}  // namespace lode::chain
