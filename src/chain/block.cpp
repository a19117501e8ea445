#include "chain/block.h"

#include <limits>

#include <fmt/core.h>

#include "chain/serialize.h"
#include "crypto/merkle.h"
#include "crypto/sha256.h"

namespace lode::chain {
namespace {

constexpr std::size_t kMinTransaction = 60;  // bytes; Bitcoin Core's MIN_TRANSACTION_WEIGHT / 4
constexpr std::uint64_t kOverflow = std::numeric_limits<std::uint64_t>::max();

struct FirstTransaction {
    std::size_t inputs = 0;
    bool spends_nothing = false;  // its first input has a null outpoint
    std::vector<std::uint8_t> script;
    std::uint64_t value = 0;
};

// Reads one transaction (BIP 144) from the front of `raw`; returns its size, 0 if it is malformed.
std::size_t read_transaction(std::span<const std::uint8_t> raw, Hash256& txid, FirstTransaction* first) {
    Reader in(raw);
    const auto position = [&] { return raw.size() - in.left(); };
    (void)in.u32();  // version
    const bool witness = raw.size() > 5 && raw[4] == 0 && raw[5] == 1;
    if (witness) (void)in.bytes(2);

    const std::size_t body = position();
    const std::size_t inputs = in.count(in.left() / 41);  // an input has 41 bytes at least, an output 9
    for (std::size_t i = 0; i < inputs && in.ok(); ++i) {
        const Hash256 from = in.hash();
        const std::uint32_t output = in.u32();
        const auto script = in.bytes(in.count(in.left()));
        (void)in.u32();  // sequence
        if (first == nullptr || i > 0) continue;
        first->inputs = inputs;
        first->spends_nothing = from.is_zero() && output == 0xffffffff;
        first->script.assign(script.begin(), script.end());
    }
    const std::size_t outputs = in.count(in.left() / 9);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < outputs && in.ok(); ++i) {
        const std::uint64_t each = in.u64();
        value = value > kOverflow - each ? kOverflow : value + each;
        (void)in.bytes(in.count(in.left()));
    }
    const std::size_t body_end = position();
    for (std::size_t i = 0; witness && i < inputs && in.ok(); ++i) {
        const std::size_t items = in.count(in.left());
        for (std::size_t k = 0; k < items && in.ok(); ++k) (void)in.bytes(in.count(in.left()));
    }
    (void)in.u32();  // lock time
    if (!in.ok() || inputs == 0) return 0;

    const std::size_t end = position();
    crypto::Sha256 hasher;
    hasher.write(raw.first(4)).write(raw.subspan(body, body_end - body)).write(raw.subspan(end - 4, 4));
    txid = Hash256{crypto::sha256(hasher.finish())};
    if (first != nullptr) first->value = value;
    return end;
}

}  // namespace

std::optional<TransactionId> transaction_id(std::span<const std::uint8_t> raw) {
    TransactionId id;
    const std::size_t size = read_transaction(raw, id.txid, nullptr);
    if (size == 0 || size != raw.size()) return std::nullopt;
    id.witness = raw[4] == 0;
    return id;
}

Result<BlockView> parse_block(std::span<const std::uint8_t> raw) {
    const auto malformed = [](std::string what, std::string expected) {
        return fail(ErrorKind::Malformed, std::move(what), "block", std::move(expected));
    };
    if (raw.size() <= kHeaderSize || raw.size() > kMaxBlockSize)
        return malformed(fmt::format("{} bytes", raw.size()),
                         fmt::format("{} to {} bytes", kHeaderSize + 1, kMaxBlockSize));
    BlockView block;
    block.size = raw.size();
    const auto header = raw.first<kHeaderSize>();
    block.header = BlockHeader::parse(header);
    block.hash = crypto::hash_header(header);

    Reader in(raw.subspan(kHeaderSize));
    const std::size_t count = in.count(in.left() / kMinTransaction);
    if (!in.ok() || count == 0) return malformed("impossible number of transactions", "at least a coinbase");
    FirstTransaction coinbase;
    auto rest = raw.last(in.left());
    for (std::size_t i = 0; i < count; ++i) {
        Hash256 txid;
        const std::size_t size = read_transaction(rest, txid, i == 0 ? &coinbase : nullptr);
        if (size == 0)
            return malformed(fmt::format("transaction {} cannot be read", i), "a whole transaction");
        block.txids.push_back(txid);
        rest = rest.subspan(size);
    }
    if (!rest.empty())
        return malformed(fmt::format("{} bytes after the last transaction", rest.size()), "none");
    block.merkle_root = crypto::merkle_root(block.txids);
    block.coinbase_shape = coinbase.inputs == 1 && coinbase.spends_nothing;
    block.coinbase_script = std::move(coinbase.script);
    block.coinbase_value = coinbase.value;
    return block;
}

}  // namespace lode::chain
