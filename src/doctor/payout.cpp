#include "doctor/payout.h"

#include <algorithm>

#include <fmt/format.h>

#include "chain/serialize.h"
#include "util/hex.h"
#include "work/address_text.h"

namespace lode::doctor {
namespace {

constexpr std::size_t kMaxOutputs = 10'000, kShown = 6;

std::string payee(std::span<const std::uint8_t> script, std::string_view network) {
    if (auto address = work::address_text(script, network); !address.empty()) return address;
    constexpr std::uint8_t kCommitment[] = {0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed};
    if (script.size() >= 38 && std::ranges::equal(kCommitment, script.first(6)))
        return "the witness commitment";
    if (!script.empty() && script[0] == 0x6a) return "data (OP_RETURN)";
    return "script " + util::to_hex(script.first(std::min<std::size_t>(script.size(), 40)));
}

}  // namespace

std::optional<Coinbase> read_coinbase(std::span<const std::uint8_t> raw) {
    chain::Reader in(raw);
    Coinbase out;
    in.u32();  // version
    const bool one_input = in.count(1) == 1;
    const bool of_nothing = in.hash() == Hash256{} && in.u32() == 0xffffffff;
    out.script_size = in.count(10'000);
    in.bytes(out.script_size);
    in.u32();  // sequence
    for (std::size_t left = in.count(kMaxOutputs); left > 0 && in.ok(); --left) {
        Payment payment;
        payment.value = in.u64();
        const auto script = in.bytes(in.count(raw.size()));
        payment.script.assign(script.begin(), script.end());
        out.outputs.push_back(std::move(payment));
    }
    in.u32();  // lock time
    if (!in.ok() || in.left() > 0 || !one_input || !of_nothing || out.outputs.empty()) return std::nullopt;
    return out;
}

std::string payments_text(const Coinbase& coinbase, std::string_view network) {
    std::string text;
    for (std::size_t i = 0; i < std::min(kShown, coinbase.outputs.size()); ++i) {
        const auto& [value, script] = coinbase.outputs[i];
        text += fmt::format("{}{}.{:08} to {}", text.empty() ? "" : ", ", value / 100'000'000,
                            value % 100'000'000, payee(script, network));
    }
    if (coinbase.outputs.size() > kShown) text += fmt::format(", {} more", coinbase.outputs.size() - kShown);
    return text;
}

}  // namespace lode::doctor
