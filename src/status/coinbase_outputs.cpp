#include "status/coinbase_outputs.h"

#include <algorithm>
#include <span>

#include "chain/serialize.h"
#include "util/hex.h"

namespace lode::status {
namespace {

using Bytes = std::span<const std::uint8_t>;

bool is(Bytes script, std::size_t size, std::initializer_list<std::uint8_t> begins) {
    return script.size() == size && std::equal(begins.begin(), begins.end(), script.begin());
}

const char* kind_of(Bytes script) {
    if (!script.empty() && script[0] == 0x6a) return "op_return";
    if (is(script, 25, {0x76, 0xa9, 0x14})) return "p2pkh";
    if (is(script, 23, {0xa9, 0x14})) return "p2sh";
    if (is(script, 22, {0x00, 0x14})) return "p2wpkh";
    if (is(script, 34, {0x00, 0x20})) return "p2wsh";
    if (is(script, 34, {0x51, 0x20})) return "p2tr";
    if (is(script, 35, {0x21}) || is(script, 67, {0x41})) return "p2pk";
    return "other";
}

}  // namespace

std::optional<std::vector<CoinbaseOutput>> coinbase_outputs(const Job& job) {
    if (job.merkle_root) return std::nullopt;
    std::vector<std::uint8_t> transaction = job.coinbase1;
    transaction.insert(transaction.end(), job.extranonce1.begin(), job.extranonce1.end());
    transaction.resize(transaction.size() + job.extranonce2_size);
    transaction.insert(transaction.end(), job.coinbase2.begin(), job.coinbase2.end());
    chain::Reader reader(transaction);
    reader.u32();  // version
    if (reader.compact_size() != 1) return std::nullopt;
    reader.bytes(36);                                // no output is spent
    reader.bytes(reader.count(transaction.size()));  // script
    reader.u32();                                    // sequence
    const std::size_t count = reader.count(transaction.size());
    std::vector<CoinbaseOutput> outputs;
    for (std::size_t i = 0; i < std::min(count, kMaxOutputs) && reader.ok(); ++i) {
        CoinbaseOutput output;
        output.value = reader.u64();
        const Bytes script = reader.bytes(reader.count(transaction.size()));
        output.script.assign(script.begin(), script.end());
        output.kind = kind_of(script);
        outputs.push_back(std::move(output));
    }
    if (!reader.ok()) return std::nullopt;
    return outputs;
}

std::string op_return_text(Bytes script) {
    if (script.size() < 3 || script[0] != 0x6a) return {};
    script = script.subspan(1);
    if (script[0] == 0x4c) script = script.subspan(1);  // OP_PUSHDATA1
    if (script.size() != script[0] + 1u) return {};     // of one push
    const std::string text(script.begin() + 1, script.end());
    return util::printable(text, text.size()) == text ? text : std::string();
}

}  // namespace lode::status
