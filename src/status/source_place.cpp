#include "status/source_place.h"

#include "util/url.h"

namespace lode::status {

SourcePlace source_place(const std::string& source) {
    const auto url = util::parse_url(source);
    if (!url || url->scheme.empty()) return {source, source, 0};
    return {url->authority(), url->host, url->port};
}

}  // namespace lode::status
