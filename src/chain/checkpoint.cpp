#include "chain/checkpoint.h"

#include <charconv>

#include <fmt/core.h>

#include "chain/target.h"
#include "util/hex.h"

namespace lode::chain {
namespace {

Error wrong_work(const Uint256& work, std::string expected) {
    return {ErrorKind::Usage, "work " + work.to_short_hex(), "checkpoint", std::move(expected)};
}

Error wrong_height(std::int64_t height, std::string expected) {
    return {ErrorKind::Usage, fmt::format("height {}", height), "checkpoint", std::move(expected)};
}

}  // namespace

Result<Checkpoint> parse_checkpoint(std::string_view text) {
    const auto refuse = [&] {
        return fail(ErrorKind::Usage, "\"" + util::printable(text) + "\"", "checkpoint",
                    "HEIGHT:HASH:WORK, the hash with 64 hex digits, the work in hex");
    };
    const auto first = text.find(':'), second = text.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) return refuse();
    Checkpoint checkpoint;
    const char* const height_end = text.data() + first;
    const auto [end, code] = std::from_chars(text.data(), height_end, checkpoint.height);
    const auto hash = Hash256::from_hex(text.substr(first + 1, second - first - 1));
    const auto work = Uint256::from_hex(text.substr(second + 1));
    if (code != std::errc() || end != height_end || checkpoint.height < 0 || !hash || !work) return refuse();
    if (checkpoint.height > kMaxAnchorHeight)
        return tl::unexpected(wrong_height(checkpoint.height, fmt::format("at most {}", kMaxAnchorHeight)));
    if (*work > max_anchor_work())
        return tl::unexpected(wrong_work(*work, "at most " + max_anchor_work().to_short_hex()));
    checkpoint.hash = *hash;
    checkpoint.work = *work;
    return checkpoint;
}

Result<Anchor> anchor_at(const Network& network, const Checkpoint& checkpoint, const BlockHeader& header) {
    if (auto violation = check_proof_of_work(network, header, checkpoint.hash))
        return tl::unexpected(violation->error().at("checkpoint"));
    const bool genesis = checkpoint.hash == network.genesis_hash;
    if (genesis != (checkpoint.height == 0))
        return tl::unexpected(wrong_height(
            checkpoint.height, genesis ? "0, this is the genesis block" : "more than 0, that of genesis"));
    // Every block has at least the work of the easiest target, and exactly that if nBits never change.
    const Uint256 least =
        work_of_bits(network.pow_limit_bits) * static_cast<std::uint64_t>(checkpoint.height) +
        work_of_bits(header.bits);
    const bool exact = genesis || network.no_retarget;
    if (checkpoint.work < least || (exact && checkpoint.work != least))
        return tl::unexpected(wrong_work(
            checkpoint.work, fmt::format("{} {} for {} blocks on {}", exact ? "exactly" : "at least",
                                         least.to_short_hex(), checkpoint.height + 1, network.name)));
    return Anchor{checkpoint.height, header, checkpoint.work};
}

std::optional<Error> contradiction(const ChainTracker& before, const Anchor& anchor) {
    const auto parent = before.find(anchor.header.prev);
    if (!parent) return std::nullopt;
    const auto known = "as the headers before it give";
    const std::int64_t height = before.height(*parent) + 1;
    const Uint256 work = before.work(*parent) + work_of_bits(anchor.header.bits);
    if (anchor.height != height) return wrong_height(anchor.height, fmt::format("{}, {}", height, known));
    if (anchor.work != work) return wrong_work(anchor.work, work.to_short_hex() + ", " + known);
    return std::nullopt;
}

}  // namespace lode::chain
