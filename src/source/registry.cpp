#include "source/registry.h"

#include <algorithm>
#include <array>
#include <string>

#include "source/local/local_source.h"
#include "source/node/node_source.h"
#include "source/provider/provider_source.h"
#include "source/stratum/stratum_source.h"
#include "source/sv2/sv2_source.h"
#include "util/hex.h"

namespace lode::source {
namespace {

using Make = Result<std::unique_ptr<WorkSource>> (*)(const util::Url&, const SourceOptions&,
                                                     const boost::asio::any_io_executor&);

// A new source is a directory and a row. A URL without a scheme is a pool's.
struct Row {
    const char* scheme;
    Make make;
};
constexpr std::array kSources = {
    Row{"local", make_local_source},
    Row{"http", make_node_source},
    Row{"https", make_node_source},
    // Schemes of V1 pools, in all spellings in use; the source decides which mean TLS.
    Row{"", stratum::make_stratum_source},
    Row{"stratum", stratum::make_stratum_source},
    Row{"stratum+tcp", stratum::make_stratum_source},
    Row{"tcp", stratum::make_stratum_source},
    Row{"stratum+ssl", stratum::make_stratum_source},
    Row{"stratum+tls", stratum::make_stratum_source},
    Row{"stratum+tcps", stratum::make_stratum_source},
    Row{"stratums", stratum::make_stratum_source},
    Row{"ssl", stratum::make_stratum_source},
    Row{"tls", stratum::make_stratum_source},
    Row{"tcps", stratum::make_stratum_source},
    Row{"stratum2+tcp", sv2::make_sv2_source},
    Row{"template+tcp", provider::make_provider_source},
};

}  // namespace

Result<std::unique_ptr<WorkSource>> make_source(const util::Url& url, const SourceOptions& options,
                                                const boost::asio::any_io_executor& executor) {
    const auto row = std::ranges::find_if(kSources, [&](const Row& r) { return url.scheme == r.scheme; });
    if (row != kSources.end()) return row->make(url, options, executor);
    return fail(ErrorKind::Usage, "unknown scheme '" + util::printable(url.scheme, 40) + "'", url.safe(),
                "http, https, stratum+tcp, stratum+ssl, stratum2+tcp, template+tcp, or none for a pool");
}

}  // namespace lode::source
