#include "source/node/min_difficulty.h"

#include <algorithm>
#include <chrono>

#include <nlohmann/json.hpp>

#include "chain/network.h"
#include "chain/target.h"
#include "source/node/fields.h"

namespace lode::source::node {
namespace {

constexpr std::uint64_t kMaxAhead = 7200 - 60;  // seconds; a minute for clocks that differ

}  // namespace

bool has_min_difficulty_rule(std::string_view network) {
    const auto* row = chain::find_network(network);
    return row != nullptr && row->min_difficulty_after > 0 && !row->no_retarget;
}

std::optional<Template> with_min_difficulty(const Template& work, std::string_view network,
                                            std::uint32_t parent_time) {
    if (!has_min_difficulty_rule(network)) return std::nullopt;
    const auto& row = *chain::find_network(network);
    const std::uint64_t earliest = std::uint64_t{parent_time} + row.min_difficulty_after + 1;
    if (work.height % row.period == 0 || work.bits == row.pow_limit_bits || earliest > work.time + kMaxAhead)
        return std::nullopt;
    Template easy = work;
    easy.time = static_cast<std::uint32_t>(std::max<std::uint64_t>(earliest, work.time));
    easy.bits = row.pow_limit_bits;
    easy.target = *chain::parse_bits(row.pow_limit_bits);
    return easy;
}

Result<void> MinDifficulty::set_network(const std::string& network) {
    if (enabled_ && !has_min_difficulty_rule(network))
        return fail(ErrorKind::Usage, network + " has no rule for blocks of the lowest difficulty",
                    "minimum difficulty", "testnet3 or testnet4");
    network_ = network;
    return {};
}

void MinDifficulty::apply(const TemplatePtr& work, const std::function<void(const TemplatePtr&)>& next) {
    if (!enabled_) return next(work);
    if (parent_ == work->prev) return next(eased(work));
    link_.rpc().call(
        "getblockheader", "[\"" + work->prev.hex() + "\"]", kCallTimeout,
        [this, work, next](const RpcResult& answer) {
            const auto time = answer ? member(answer->result, "time") : nlohmann::json();
            if (!time.is_number_unsigned())
                return link_.failed(Error{ErrorKind::Malformed, "no time of the previous block", {}, {}});
            parent_ = work->prev;
            parent_time_ = time.get<std::uint32_t>();
            next(eased(work));
        });
}

TemplatePtr MinDifficulty::eased(const TemplatePtr& work) const {
    auto easy = with_min_difficulty(*work, network_, parent_time_);
    return easy ? std::make_shared<const Template>(std::move(*easy)) : work;
}

}  // namespace lode::source::node
