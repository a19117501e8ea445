#include "doctor/template_exam.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "chain/network.h"
#include "crypto/merkle.h"
#include "crypto/sha256.h"
#include "source/node/fields.h"
#include "util/hex.h"

namespace lode::doctor {
namespace {

using nlohmann::json;
using source::node::member;
using source::node::shown;

constexpr Rule kTip{"tip", "the template builds on the node's best block, one higher", "BIP 22"};
constexpr Rule kTime{"curtime", "curtime is within two hours of the clock and not below mintime",
                     "BIP 23; Bitcoin Core, MAX_FUTURE_BLOCK_TIME"};
constexpr Rule kValue{"coinbasevalue", "coinbasevalue is the subsidy and the fees", "BIP 22"};
constexpr Rule kCommitment{"commitment", "default_witness_commitment is that of the transactions",
                           "BIP 141, BIP 145"};
constexpr Rule kLongPoll{"longpollid", "the template can be waited for", "BIP 22"};
constexpr Rule kMutable{"mutable", "time, transactions and the previous block may be changed", "BIP 23"};
constexpr Rule kLimits{"limits", "sigoplimit and weightlimit are stated", "BIP 22, BIP 145"};
constexpr Rule kProposals{"proposals", "the node checks proposals", "BIP 23"};
constexpr Rule kRules{"rules", "the rules in force are named", "BIP 9"};

// OP_RETURN, 36 bytes, the header aa21a9ed, then the commitment.
std::string commitment_of(const json& transactions) {
    std::vector<Hash256> wtxids(1);  // the coinbase's counts as zero
    for (const json& tx : transactions) {
        const auto data = util::from_hex(member(tx, "data").get<std::string>());
        wtxids.push_back(crypto::sha256d(data.value_or(std::vector<std::uint8_t>{})));
    }
    const Hash256 root = crypto::merkle_root(std::move(wtxids)), reserved;
    return "6a24aa21a9ed" + util::to_hex(crypto::sha256d(root.bytes, reserved.bytes).bytes);
}

void examine_value(const json& raw, const source::node::Template& work, const NodeTip& tip, Report& report) {
    const auto* network = chain::find_network(tip.network);
    if (network == nullptr) return;
    std::uint64_t fees = 0;
    for (const json& tx : raw["transactions"]) {
        const json fee = member(tx, "fee");
        if (!fee.is_number_integer()) return report.noted(kValue, "a transaction states no fee");
        fees += fee.get<std::uint64_t>();
    }
    const std::uint64_t subsidy = network->subsidy(work.height);
    report.check(kValue, work.value == subsidy + fees,
                 fmt::format("{} = {} + {} satoshis{}", work.value, subsidy, fees,
                             work.value == subsidy + fees ? "" : " does not hold"));
}

}  // namespace

void examine_template(const json& raw, const source::node::Template& work, const NodeTip& tip,
                      std::int64_t now, Report& report) {
    report.check(kTip, work.prev.hex() == tip.best_hash && work.height == tip.blocks + 1,
                 fmt::format("height {} on {}", work.height, work.prev.hex()));
    const std::int64_t ahead = std::int64_t{work.time} - now;
    const json least = member(raw, "mintime");
    const bool allowed = !least.is_number_integer() || member(raw, "curtime") >= least;
    report.check(kTime, std::abs(ahead) <= 7200 && allowed,
                 fmt::format("{} s {}{}", std::abs(ahead), ahead < 0 ? "behind" : "ahead",
                             allowed ? "" : ", below mintime"));
    examine_value(raw, work, tip, report);
    const json commitment = member(raw, "default_witness_commitment");
    if (commitment.is_string())
        report.check(kCommitment, commitment == commitment_of(raw["transactions"]), shown(commitment));
    else if (work.segwit)
        report.broken(kCommitment, "none, though segwit is in force");
    if (work.longpollid.empty())
        report.noted(kLongPoll, "no longpollid: new blocks are seen by polling only");
    else
        report.held(kLongPoll);
    const json changeable = member(raw, "mutable");
    std::string missing;
    for (const char* what : {"time", "transactions", "prevblock"})
        if (!changeable.is_array() || std::ranges::find(changeable, what) == changeable.end())
            missing += (missing.empty() ? "" : ", ") + std::string(what);
    if (missing.empty())
        report.held(kMutable);
    else
        report.noted(kMutable, "not named: " + missing);
    if (work.weight_limit > 0 && work.sigop_limit > 0)
        report.held(kLimits, fmt::format("weight {}, sigops {}", work.weight_limit, work.sigop_limit));
    else
        report.noted(kLimits, "missing");
    if (work.proposals)
        report.held(kProposals);
    else
        report.noted(kProposals, "not among the capabilities: blocks are checked only once they are found");
    const json rules = member(raw, "rules");
    if (rules.is_array())
        report.held(kRules, rules.dump(-1, ' ', false, json::error_handler_t::replace).substr(0, 120));
    else
        report.noted(kRules, "none: segwit is concluded from the commitment");
}

}  // namespace lode::doctor
