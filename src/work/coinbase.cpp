#include "work/coinbase.h"

#include <algorithm>

#include "chain/serialize.h"

namespace lode::work {
namespace {

using Bytes = std::vector<std::uint8_t>;

// A push of 1 to 75 bytes is its length and the bytes; OP_PUSHDATA1 above.
Bytes push(std::span<const std::uint8_t> data) {
    chain::Writer out;
    if (data.size() > 75) out.u8(0x4c);
    out.u8(static_cast<std::uint8_t>(data.size())).bytes(data);
    return out.take();
}

Bytes push_text(const std::string& text) {
    if (text.empty()) return {};
    return push({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

}  // namespace

std::vector<std::uint8_t> height_push(std::int64_t height) {
    if (height >= 1 && height <= 16) return {static_cast<std::uint8_t>(0x50 + height)};
    Bytes number;
    for (auto rest = static_cast<std::uint64_t>(height); rest != 0; rest >>= 8)
        number.push_back(static_cast<std::uint8_t>(rest));
    if (!number.empty() && (number.back() & 0x80) != 0)
        number.push_back(0);  // otherwise it would be negative
    return push(number);
}

Bytes serialize_output(std::uint64_t value, std::span<const std::uint8_t> script) {
    return chain::Writer().u64(value).compact_size(script.size()).bytes(script).take();
}

Result<CoinbaseHalves> make_coinbase(const CoinbaseParts& parts) {
    const std::size_t fixed = parts.script_start.size() + 1 + parts.extranonce_bytes;
    const Bytes tag = push_text(parts.tag);
    if (fixed + tag.size() > kMaxCoinbaseScript)
        return fail(ErrorKind::Usage, "coinbase tag of " + std::to_string(parts.tag.size()) + " bytes", {},
                    "at most " +
                        std::to_string(kMaxCoinbaseScript - std::min(kMaxCoinbaseScript, fixed + 2)) +
                        " bytes");
    chain::Writer before;
    before.u32(parts.version);
    before.compact_size(1).hash({}).u32(0xffffffff);  // no previous output
    before.compact_size(fixed + tag.size()).bytes(parts.script_start).bytes(tag);
    before.u8(static_cast<std::uint8_t>(parts.extranonce_bytes));  // pushes the extranonces

    chain::Writer after;
    after.u32(parts.sequence).compact_size(parts.output_count).bytes(parts.outputs).u32(parts.lock_time);
    return CoinbaseHalves{before.take(), after.take()};
}

Result<CoinbaseHalves> make_coinbase(const CoinbaseSpec& spec) {
    CoinbaseParts parts;
    parts.script_start = height_push(spec.height);
    const Bytes aux = push(spec.aux);
    const std::size_t others = 1 + spec.extranonce_bytes + push_text(spec.tag).size();
    if (!spec.aux.empty() && parts.script_start.size() + aux.size() + others <= kMaxCoinbaseScript)
        parts.script_start.insert(parts.script_start.end(), aux.begin(), aux.end());
    parts.tag = spec.tag;
    parts.extranonce_bytes = spec.extranonce_bytes;
    // BIP 54: a sequence that is not final and a lock time of height - 1 make every coinbase unique; both are
    // valid under today's rules.
    parts.sequence = 0xfffffffe;
    parts.lock_time = static_cast<std::uint32_t>(spec.height - 1);
    parts.outputs = serialize_output(spec.value, spec.script);
    parts.output_count = 1;
    if (!spec.witness_commitment.empty()) {
        const Bytes commitment = serialize_output(0, spec.witness_commitment);
        parts.outputs.insert(parts.outputs.end(), commitment.begin(), commitment.end());
        ++parts.output_count;
    }
    return make_coinbase(parts);
}

std::optional<std::int64_t> coinbase_height(std::span<const std::uint8_t> coinbase1) {
    constexpr std::size_t kInputs = 4;          // after the version
    constexpr std::size_t kScriptSize = 41;     // after one input and the outpoint; the size is one byte
    constexpr std::size_t kMaxHeightBytes = 4;  // below 2^31
    if (coinbase1.size() <= kScriptSize + 1 || coinbase1[kInputs] != 1) return std::nullopt;
    auto script = coinbase1.subspan(kScriptSize + 1);
    script = script.first(std::min<std::size_t>(script.size(), coinbase1[kScriptSize]));
    if (script.empty()) return std::nullopt;
    std::int64_t height = script[0] - 0x50;  // of OP_1 to OP_16
    if (script[0] <= kMaxHeightBytes) {
        height = 0;
        for (std::size_t i = std::min<std::size_t>(script[0] + 1u, script.size()); i-- > 1;)
            height = height << 8 | script[i];
    }
    if (height < 1 || height > 0x7fffffff) return std::nullopt;
    const Bytes demanded = height_push(height);
    const bool shown =
        demanded.size() <= script.size() && std::equal(demanded.begin(), demanded.end(), script.begin());
    return shown ? std::optional(height) : std::nullopt;
}

std::vector<std::uint8_t> with_witness(std::span<const std::uint8_t> coinbase) {
    chain::Writer out(coinbase.size() + 36);
    out.bytes(coinbase.first(4));
    out.u8(0x00).u8(0x01);  // marker, flag
    out.bytes(coinbase.subspan(4, coinbase.size() - 8));
    out.compact_size(1).compact_size(32).hash({});  // one item of 32 bytes
    out.bytes(coinbase.last(4));
    return out.take();
}

std::size_t coinbase_weight(std::size_t bytes_without_witness, bool witness) {
    return 4 * bytes_without_witness + (witness ? 36 : 0);
}

unsigned legacy_sigops(std::span<const std::uint8_t> script) {
    return script.size() == 25 && script.front() == 0x76 && script.back() == 0xac ? 1 : 0;
}

}  // namespace lode::work
