#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "chain/target.h"
#include "status/coinbase_outputs.h"
#include "status/event_json.h"
#include "status/status_json.h"
#include "util/hex.h"
#include "work/address_text.h"

namespace lode::status {
namespace {

using nlohmann::ordered_json;

ordered_json block_json(const SeenBlock& block) {
    ordered_json json = {
        {"height", block.height}, {"hash", block.hash.hex()}, {"prev", nullptr},
        {"time", nullptr},        {"nonce", nullptr},         {"bits", nullptr},
        {"ours", block.ours},     {"best", block.best},       {"seen", unix_seconds(block.seen)}};
    if (const auto& header = block.header) {
        json["prev"] = header->prev.hex();
        json["time"] = header->time;
        json["nonce"] = header->nonce;
        json["bits"] = fmt::format("{:08x}", header->bits);
    }
    return json;
}

// The objects of --format json, with their times.
template <typename Event>
ordered_json dated_json(const std::deque<Dated<Event>>& events) {
    ordered_json list = ordered_json::array();
    for (const auto& [when, event] : events) {
        auto object = event_json(event).value_or(ordered_json::object());
        object["time"] = unix_seconds(when);
        list.push_back(std::move(object));
    }
    return list;
}

ordered_json target_json(const Job& job) {
    const auto target = chain::target_of(job.bits);
    return target ? ordered_json(target->to_hex()) : ordered_json();
}

ordered_json text_or_null(const std::string& text) {
    return text.empty() ? ordered_json() : ordered_json(text);
}

ordered_json coinbase_json(const JobPtr& job) {
    const auto outputs = job ? coinbase_outputs(*job) : std::nullopt;
    if (!outputs) return nullptr;
    ordered_json list = ordered_json::array();
    for (const auto& output : *outputs)
        list.push_back({{"satoshis", output.value},
                        {"kind", output.kind},
                        {"address", text_or_null(work::address_text(output.script, job->network))},
                        {"text", text_or_null(op_return_text(output.script))},
                        {"script", util::to_hex(output.script)}});
    return list;
}

ordered_json retarget_json(const ChainRecord& chain) {
    const auto ahead = retarget_ahead(chain);
    if (!ahead) return nullptr;
    return {
        {"height", ahead->height},
        {"blocks_left", ahead->blocks_left},
        {"period", ahead->period},
        {"expected_change", ahead->expected_change ? ordered_json(*ahead->expected_change) : ordered_json()}};
}

}  // namespace

ordered_json chain_json(const State& state, std::size_t max_blocks) {
    const ChainRecord& chain = state.record.chain();
    const JobPtr& job = chain.job();
    ordered_json blocks = ordered_json::array();
    const auto& seen = chain.blocks();
    for (std::size_t i = seen.size() - std::min(max_blocks, seen.size()); i < seen.size(); ++i)
        blocks.push_back(block_json(seen[i]));
    return {{"network", job ? job->network : ""},
            {"height", job && job->height > 0 ? ordered_json(job->height - 1) : ordered_json()},
            {"tip", job ? ordered_json(job->prev.hex()) : ordered_json()},
            {"bits", job ? ordered_json(fmt::format("{:08x}", job->bits)) : ordered_json()},
            {"target", job ? target_json(*job) : ordered_json()},
            {"difficulty", job ? ordered_json(chain::difficulty_of_bits(job->bits)) : ordered_json()},
            {"next_retarget", retarget_json(chain)},
            {"coinbase", coinbase_json(job)},
            {"blocks", std::move(blocks)},
            {"retargets", dated_json(chain.retargets())},
            {"reorganisations", dated_json(chain.reorganisations())},
            {"judgements", dated_json(chain.judgements())}};
}

}  // namespace lode::status
