// Hostile files and peers: the first byte chooses a parser, the rest is what it gets.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>

#include "chain/block.h"
#include "chain/header_reader.h"
#include "chain/target.h"

using namespace lode;
using namespace lode::chain;

namespace {

using Bytes = std::span<const std::uint8_t>;

void check(bool good) {
    if (!good) std::abort();
}

void read_file(const Network& network, Bytes bytes, std::optional<XorKey> key = std::nullopt) {
    const auto source = [&bytes](std::span<std::uint8_t> out) -> Result<std::size_t> {
        const std::size_t n = std::min(out.size(), bytes.size());
        std::copy_n(bytes.begin(), n, out.begin());
        bytes = bytes.subspan(n);
        return n;
    };
    HeaderReader reader(&network, source, key);
    ChainTracker tracker(network, 16);
    for (auto item = reader.next(); item && *item; item = reader.next())
        (void)tracker.accept((*item)->header, (*item)->hash, kAnyTime);
}

void read_block(Bytes bytes) {
    const auto block = parse_block(bytes);
    if (!block) return;
    check(!block->txids.empty() && block->size == bytes.size());
    check(block->coinbase_script.size() <= bytes.size());
}

// Headers on regtest, each of its own choosing but for the proof of work, which is found for it.
void grow_tree(Bytes bytes) {
    ChainTracker tracker(*find_network("regtest"), 16);
    for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
        const Index parent = bytes[0] % tracker.size();
        BlockHeader header = tracker.header(parent);
        header.prev = tracker.hash(parent);
        if ((bytes[1] & 7) == 7) header.prev.bytes[0] ^= bytes[2];
        header.version = bytes[3] < 8 ? bytes[3] : 0x20000000;
        header.time += static_cast<std::uint32_t>(bytes[4]) * bytes[5] - 200;
        header.bits = bytes[6] < 250 ? header.bits : header.bits + bytes[7];
        header.merkle_root.bytes[0] = bytes[2];
        const auto target = target_of(header.bits);
        for (int tries = 0; target && tries < 64 && header.hash().number() > *target; ++tries) ++header.nonce;
        (void)tracker.accept(header, kAnyTime);
        if (bytes[1] == 0) (void)tracker.invalidate(tracker.hash(parent));

        const Index tip = tracker.tip();
        check(!tracker[tip].invalid && tracker.orphans() <= 16);
        for (Index i = 0; i < tracker.size(); ++i)
            check(tracker[i].invalid || tracker.work(i) <= tracker.work(tip));
        check(tracker.locator(tip).back() == tracker.hash(0));
    }
}

void convert(Bytes bytes) {
    std::uint32_t bits = 0;
    for (const std::uint8_t byte : bytes.first(std::min<std::size_t>(4, bytes.size())))
        bits = bits << 8 | byte;
    if (const auto target = target_of(bits)) {
        check(*target_of(compact_of(*target)) == *target);
        check(!work_of(*target).is_zero());
    }
    double difficulty = 0;
    if (bytes.size() < sizeof difficulty) return;
    std::copy_n(bytes.begin(), sizeof difficulty, reinterpret_cast<std::uint8_t*>(&difficulty));
    if (const auto target = target_of_difficulty(difficulty)) check(!target->is_zero() && difficulty > 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const Bytes bytes(data + 1, size - 1);
    switch (data[0] % 6) {
        case 0:
            read_file(*find_network("main"), bytes);
            break;
        case 1:
            read_file(*find_network("regtest"), bytes);
            break;
        case 2:
            read_block(bytes);
            break;
        case 3:
            grow_tree(bytes.first(std::min<std::size_t>(bytes.size(), 2048)));
            break;
        case 4:
            convert(bytes);
            break;
        default:
            read_file(*find_network("regtest"), bytes, XorKey{1, 2, 3, 4, 5, 6, 7, 8});
    }
    return 0;
}
