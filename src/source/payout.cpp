#include "source/payout.h"

#include "work/coinbase.h"

namespace lode::source {

Result<work::Address> payout_address(const SourceOptions& options) {
    if (options.coinbase_addr.empty())
        return fail(ErrorKind::Usage, "no address for the reward", "coinbase address", "an address of yours");
    auto address = work::parse_address(options.coinbase_addr);
    if (!address) return address;
    if (!options.network.empty())
        if (const auto fits = work::check_network(*address, options.network); !fits)
            return tl::unexpected(fits.error());
    // The longest height push there will be, so that the tag fails now and not at some height.
    work::CoinbaseSpec longest;
    longest.height = 0x7fffffff;
    longest.tag = options.coinbase_tag;
    if (const auto fits = work::make_coinbase(longest); !fits) return tl::unexpected(fits.error());
    return address;
}

}  // namespace lode::source
