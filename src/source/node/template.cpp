#include "source/node/template.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "chain/block.h"
#include "chain/target.h"
#include "source/node/fields.h"
#include "source/node/signet.h"
#include "util/hex.h"

namespace lode::source::node {
namespace {

using nlohmann::json;

// Consensus bounds a block's weight to 4,000,000; a transaction weighs at least 240.
constexpr std::uint64_t kMaxWeight = 4'000'000;
constexpr std::size_t kMaxTransactions = kMaxWeight / 240;
constexpr std::uint64_t kMaxMoney = 2'100'000'000'000'000;  // satoshis
constexpr std::uint64_t kMaxSigops = 80'000;
// Mandatory rules of a template ('!' prefix) that are implemented here.
constexpr std::array<std::string_view, 4> kKnownRules = {"segwit", "signet", "csv", "taproot"};

void read_rules(Fields& fields, Template& work) {
    const json* rules = fields.array("rules", 64, true);
    if (rules == nullptr) return;
    for (const json& rule : *rules) {
        if (!rule.is_string()) return fields.wrong("rules", "contain " + shown(rule), "names");
        std::string_view name = rule.get_ref<const std::string&>();
        const bool forced = name.starts_with('!');
        if (forced) name.remove_prefix(1);
        if (name == "segwit") work.segwit = true;
        if (forced && std::ranges::find(kKnownRules, name) == kKnownRules.end())
            return fields.take(Error{ErrorKind::Refused,
                                     "rule " + shown(rule) + " is not known here and must not be ignored", "",
                                     "only the rules segwit, signet, csv, taproot marked '!'"});
    }
}

void read_target(Fields& fields, Template& work) {
    const std::string text = fields.text("bits", 8);
    if (fields.error()) return;
    const auto bits = text.size() == 8 && text[1] != 'x' ? util::hex_u32(text) : std::nullopt;
    if (!bits) return fields.wrong("bits", "is '" + util::printable(text) + "'", "8 hex digits");
    const auto target = chain::parse_bits(*bits);
    if (!target) return fields.take(target.error());
    work.bits = *bits;
    work.target = *target;
    if (!fields.has("target")) return;
    const std::string stated = fields.text("target", 64);
    if (!fields.error() && Uint256::from_hex(stated) != work.target)
        fields.wrong("target", "is '" + util::printable(stated) + "' but bits are " + text,
                     work.target.to_hex());
}

void read_transaction(const json& object, std::size_t index, Fields& fields, Template& work, bool& witness) {
    Fields tx(object, "transaction " + std::to_string(index + 1));
    const auto data = tx.bytes("data", kMaxWeight);
    if (!tx.error() && data.size() < 60) tx.wrong("data", "is too short", "a transaction");
    // Nodes differ on whether `hash` is the txid or the wtxid (BIP 22, BIP 145), so the ids are computed.
    const auto id = chain::transaction_id(data);
    if (!tx.error() && !id) tx.wrong("data", "cannot be read", "one whole transaction");
    if (id && tx.has("txid") && tx.hash("txid") != id->txid)
        tx.wrong("txid", "is " + tx.hash("txid").hex() + ", but not of these data", id->txid.hex());
    if (id && id->witness) witness = true;
    work.weight += tx.number_or("weight", 1, kMaxWeight, 4 * data.size());
    work.sigops += tx.number_or("sigops", 0, kMaxSigops, 0);
    fields.take(tx.error());
    work.txids.push_back(id ? id->txid : Hash256{});
    auto& transactions = work.body.transactions;
    transactions.insert(transactions.end(), data.begin(), data.end());
}

void read_transactions(Fields& fields, Template& work) {
    const json* transactions = fields.array("transactions", kMaxTransactions, false);
    if (transactions == nullptr) return;
    bool witness = false;
    for (std::size_t i = 0; i < transactions->size() && !fields.error(); ++i) {
        read_transaction((*transactions)[i], i, fields, work, witness);
        if (work.body.transactions.size() > kMaxWeight)
            fields.wrong("transactions", "are together over 4,000,000 bytes", "a block within the limit");
    }
    work.body.count = work.txids.size();
    if (!fields.has("rules")) work.segwit = fields.has("default_witness_commitment") || witness;
    if (!work.segwit) return;
    if (fields.has("default_witness_commitment")) {
        constexpr std::array<std::uint8_t, 6> kHead = {0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed};  // BIP 141
        work.witness_commitment = fields.bytes("default_witness_commitment", 83);
        if (!fields.error() && (work.witness_commitment.size() < 38 ||
                                !std::equal(kHead.begin(), kHead.end(), work.witness_commitment.begin())))
            fields.wrong("default_witness_commitment", "is not one", "6a24aa21a9ed and 32 bytes");
    } else if (witness) {
        fields.wrong("default_witness_commitment", "is missing, but transactions have witnesses",
                     "6a24aa21a9ed and 32 bytes");
    }
    work.body.witness = !work.witness_commitment.empty();
}

void read_signet(Fields& fields, Template& work) {
    if (!fields.has("signet_challenge")) return;
    work.signet_challenge = fields.bytes("signet_challenge", 10'000);
}

// BIP 325: a solution stands behind the witness commitment.
void check_signet(Fields& fields, const Template& work) {
    if (signet::wants_signature(work.signet_challenge) && work.witness_commitment.empty())
        fields.wrong("default_witness_commitment", "is missing on a signet that wants signatures",
                     "6a24aa21a9ed and 32 bytes");
}

}  // namespace

Result<Template> parse_template(const json& result) {
    Template work;
    Fields fields(result, "template");
    read_rules(fields, work);
    read_signet(fields, work);
    work.height = static_cast<std::int64_t>(fields.number("height", 1, 0x7fffffff));
    work.prev = fields.hash("previousblockhash");
    work.version = static_cast<std::uint32_t>(fields.number("version", 0, 0xffffffff));
    work.required_bits = static_cast<std::uint32_t>(fields.number_or("vbrequired", 0, 0xffffffff, 0));
    read_target(fields, work);
    const auto now = fields.number("curtime", 1, 0xffffffff);
    work.time = static_cast<std::uint32_t>(std::max(now, fields.number_or("mintime", 0, 0xffffffff, 0)));
    work.value = fields.number("coinbasevalue", 0, kMaxMoney);
    work.weight_limit = fields.number_or("weightlimit", 1, kMaxWeight, 0);
    work.sigop_limit = fields.number_or("sigoplimit", 1, kMaxSigops, 0);
    read_transactions(fields, work);
    check_signet(fields, work);
    if (fields.has("longpollid")) work.longpollid = fields.text("longpollid", 4096);
    if (fields.has("coinbaseaux") && result["coinbaseaux"].is_object()) {
        Fields aux(result["coinbaseaux"], "coinbaseaux");
        if (aux.has("flags")) work.aux = aux.bytes("flags", 100);
        fields.take(aux.error());
    }
    if (const json* list = fields.array("capabilities", 64, true))
        work.proposals = std::ranges::find(*list, json("proposal")) != list->end();
    if (fields.error()) return tl::unexpected(*fields.error());
    return work;
}

bool same_work(const Template& a, const Template& b) {
    return a.prev == b.prev && a.height == b.height && a.bits == b.bits && a.version == b.version &&
           a.value == b.value && a.txids == b.txids;
}

bool height_follows(const Template& before, const Template& next) {
    return next.height == before.height + (next.prev == before.prev ? 0 : 1);
}

}  // namespace lode::source::node
