#include "source/node/signet.h"

#include <algorithm>

#include "chain/serialize.h"
#include "crypto/sha256.h"
#include "util/base64.h"

namespace lode::source::node::signet {
namespace {

using chain::Writer;

constexpr std::uint8_t kHeader[] = {0xec, 0xc7, 0xda, 0xa2};  // SIGNET_HEADER of BIP 325
constexpr std::size_t kMaxSolution = 10'000;                  // bytes; a script is not longer

void put_script(Writer& out, std::span<const std::uint8_t> script) {
    out.compact_size(script.size()).bytes(script);
}

// Version 0, one input, one output, lock time 0, as both transactions of BIP 325 are.
Bytes transaction(const Hash256& spent, std::uint32_t index, std::span<const std::uint8_t> script_sig,
                  std::span<const std::uint8_t> script_pub_key) {
    Writer out;
    out.u32(0).compact_size(1).hash(spent).u32(index);
    put_script(out, script_sig);
    out.u32(0).compact_size(1).u64(0);
    put_script(out, script_pub_key);
    return out.u32(0).take();
}

// A push as CScript << writes it.
void push(Writer& out, std::span<const std::uint8_t> data) {
    if (data.size() >= 0x100)
        out.u8(0x4d)
            .u8(static_cast<std::uint8_t>(data.size()))
            .u8(static_cast<std::uint8_t>(data.size() >> 8));
    else if (data.size() >= 0x4c)
        out.u8(0x4c).u8(static_cast<std::uint8_t>(data.size()));
    else
        out.u8(static_cast<std::uint8_t>(data.size()));
    out.bytes(data);
}

}  // namespace

bool wants_signature(std::span<const std::uint8_t> challenge) {
    return !challenge.empty() && !(challenge.size() == 1 && challenge[0] == 0x51);
}

Bytes commitment_with(std::span<const std::uint8_t> commitment, std::span<const std::uint8_t> solution) {
    Bytes data(std::begin(kHeader), std::end(kHeader));
    data.insert(data.end(), solution.begin(), solution.end());
    Writer out;
    out.bytes(commitment);
    push(out, data);
    return out.take();
}

std::string signing_psbt(std::span<const std::uint8_t> challenge, const BlockData& block) {
    Writer data;
    data.u32(block.version).hash(block.prev).hash(block.merkle_root).u32(block.time);
    Writer script_sig;
    script_sig.u8(0);  // OP_0
    push(script_sig, data.take());
    const Bytes to_spend = transaction({}, 0xffffffff, script_sig.take(), challenge);
    constexpr std::uint8_t kReturn[] = {0x6a};
    const Bytes to_sign = transaction(crypto::sha256d(to_spend), 0, {}, kReturn);
    constexpr std::uint8_t kMagic[] = {'p', 's', 'b', 't', 0xff};
    Writer psbt;
    psbt.bytes(kMagic);
    const auto entry = [&](std::span<const std::uint8_t> value) {
        psbt.compact_size(1).u8(
            0);  // a key of one byte: global, the unsigned transaction; input, the one spent
        put_script(psbt, value);
        psbt.u8(0);  // the end of the map
    };
    entry(to_sign);
    entry(to_spend);
    psbt.u8(0);  // the output has nothing
    return util::to_base64(psbt.take());
}

Result<Bytes> solution_of(std::span<const std::uint8_t> signed_transaction) {
    chain::Reader in(signed_transaction);
    in.u32();
    std::size_t inputs = in.count(1);
    const bool witness = inputs == 0 && in.ok();  // marker and flag of BIP 144
    if (witness) {
        in.u8();
        inputs = in.count(1);
    }
    in.hash();
    in.u32();
    const auto script_sig = in.bytes(in.count(kMaxSolution));
    in.u32();
    const std::size_t outputs = in.count(1);
    in.u64();
    in.bytes(in.count(kMaxSolution));
    Writer solution;
    put_script(solution, script_sig);
    const std::size_t items = witness ? in.count(100) : 0;
    solution.compact_size(items);
    for (std::size_t i = 0; i < items && in.ok(); ++i) put_script(solution, in.bytes(in.count(kMaxSolution)));
    in.u32();
    Bytes out = solution.take();
    if (!in.ok() || in.left() > 0 || inputs != 1 || outputs != 1 || out.size() > kMaxSolution)
        return fail(ErrorKind::Malformed, "the signed transaction cannot be read", "signet solution",
                    "one input and one output");
    return out;
}

}  // namespace lode::source::node::signet
