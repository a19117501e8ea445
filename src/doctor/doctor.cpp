#include "doctor/doctor.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "doctor/node_doctor.h"
#include "doctor/pool_doctor.h"
#include "source/stratum/stratum_source.h"
#include "util/hex.h"

namespace lode::doctor {

Result<std::unique_ptr<Examination>> examine(const util::Url& url, const Options& options,
                                             const boost::asio::any_io_executor& executor) {
    if (url.scheme == "http" || url.scheme == "https") return examine_node(url, options, executor);
    if (url.scheme == "local" || url.scheme == "template+tcp")
        return fail(ErrorKind::Usage, "cannot be examined", url.safe(), "a node or a pool");
    if (url.scheme == "stratum2+tcp") return examine_sv2_pool(url, options, executor);
    constexpr std::array<std::string_view, 4> kPlain = {"", "stratum", "stratum+tcp", "tcp"};
    if (std::ranges::find(kPlain, url.scheme) == kPlain.end() && !source::stratum::wants_tls(url.scheme))
        return fail(ErrorKind::Usage, "unknown scheme '" + util::printable(url.scheme, 40) + "'", url.safe(),
                    "http, https, stratum+tcp, stratum+ssl, stratum2+tcp, or none for a pool");
    return examine_pool(url, options, executor);
}

}  // namespace lode::doctor
