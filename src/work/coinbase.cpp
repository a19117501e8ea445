#include "work/coinbase.h"

#include "work/serialize.h"

namespace lode::work {
namespace {

using Bytes = std::vector<std::uint8_t>;

// A push of 1 to 75 bytes is its length and the bytes; OP_PUSHDATA1 above.
Bytes push(std::span<const std::uint8_t> data) {
    Bytes out;
    if (data.size() > 75) out.push_back(0x4c);
    out.push_back(static_cast<std::uint8_t>(data.size()));
    append(out, data);
    return out;
}

}  // namespace

std::vector<std::uint8_t> height_push(std::int64_t height) {
    if (height >= 1 && height <= 16) return {static_cast<std::uint8_t>(0x50 + height)};
    Bytes number;
    for (auto rest = static_cast<std::uint64_t>(height); rest != 0; rest >>= 8)
        number.push_back(static_cast<std::uint8_t>(rest));
    if (!number.empty() && (number.back() & 0x80) != 0)
        number.push_back(0);  // else it would read as negative
    return push(number);
}

Result<CoinbaseHalves> make_coinbase(const CoinbaseSpec& spec) {
    const std::size_t extranonce_push = 1 + spec.extranonce_bytes;
    Bytes script = height_push(spec.height);
    const Bytes tag = spec.tag.empty()
                          ? Bytes{}
                          : push({reinterpret_cast<const std::uint8_t*>(spec.tag.data()), spec.tag.size()});
    const std::size_t fixed = script.size() + extranonce_push;
    if (fixed + tag.size() > kMaxCoinbaseScript)
        return fail(ErrorKind::Usage, "coinbase tag of " + std::to_string(spec.tag.size()) + " bytes",
                    "--coinbase-tag", "at most " + std::to_string(kMaxCoinbaseScript - fixed - 2) + " bytes");
    if (const Bytes aux = push(spec.aux);
        !spec.aux.empty() && fixed + tag.size() + aux.size() <= kMaxCoinbaseScript)
        append(script, aux);
    append(script, tag);
    script.push_back(static_cast<std::uint8_t>(spec.extranonce_bytes));  // pushes the extranonces

    CoinbaseHalves halves;
    Bytes& before = halves.before;
    append_le(before, 2, 4);  // transaction version
    append_varint(before, 1);
    before.insert(before.end(), 32, 0x00);  // no previous output
    before.insert(before.end(), 4, 0xff);
    append_varint(before, script.size() + spec.extranonce_bytes);
    append(before, script);

    // BIP 54: a sequence that is not final and a lock time of height - 1 make every coinbase unique; both are
    // valid under today's rules.
    Bytes& after = halves.after;
    append_le(after, 0xfffffffe, 4);
    append_varint(after, spec.witness_commitment.empty() ? 1 : 2);
    append_le(after, spec.value, 8);
    append_varint(after, spec.script.size());
    append(after, spec.script);
    if (!spec.witness_commitment.empty()) {
        append_le(after, 0, 8);
        append_varint(after, spec.witness_commitment.size());
        append(after, spec.witness_commitment);
    }
    append_le(after, static_cast<std::uint64_t>(spec.height - 1), 4);
    return halves;
}

std::vector<std::uint8_t> with_witness(std::span<const std::uint8_t> coinbase) {
    Bytes out;
    out.reserve(coinbase.size() + 36);
    append(out, coinbase.first(4));
    append(out, Bytes{0x00, 0x01});  // marker, flag
    append(out, coinbase.subspan(4, coinbase.size() - 8));
    append(out, Bytes{0x01, 0x20});  // one item of 32 bytes
    out.insert(out.end(), 32, 0x00);
    append(out, coinbase.last(4));
    return out;
}

std::size_t coinbase_weight(std::size_t bytes_without_witness, bool witness) {
    return 4 * bytes_without_witness + (witness ? 36 : 0);
}

unsigned legacy_sigops(std::span<const std::uint8_t> script) {
    return script.size() == 25 && script.front() == 0x76 && script.back() == 0xac ? 1 : 0;
}

}  // namespace lode::work
