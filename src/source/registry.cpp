#include "source/registry.h"

#include <algorithm>
#include <array>
#include <string>

#include "source/local/local_source.h"
#include "source/node/node_source.h"
#include "source/stratum/stratum_source.h"
#include "util/hex.h"

namespace lode::source {
namespace {

using Make = Result<std::unique_ptr<WorkSource>> (*)(const util::Url&, const SourceOptions&,
                                                     const boost::asio::any_io_executor&);

// A new source is a folder and a row. A URL without a scheme is a pool's.
struct Row {
    const char* scheme;
    Make make;
};
constexpr std::array kSources = {
    Row{"local", make_local_source},
    Row{"http", make_node_source},
    Row{"https", make_node_source},
    Row{"", stratum::make_stratum_source},
    Row{"stratum+tcp", stratum::make_stratum_source},
    Row{"stratum+ssl", stratum::make_stratum_source},
};

}  // namespace

Result<std::unique_ptr<WorkSource>> make_source(const util::Url& url, const SourceOptions& options,
                                                const boost::asio::any_io_executor& executor) {
    const auto row = std::ranges::find_if(kSources, [&](const Row& r) { return url.scheme == r.scheme; });
    if (row != kSources.end()) return row->make(url, options, executor);
    return fail(ErrorKind::Usage, "unknown scheme '" + util::printable(url.scheme, 40) + "'", url.safe(),
                "http, https, stratum+tcp, stratum+ssl, or none for a pool");
}

}  // namespace lode::source
