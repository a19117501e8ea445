#include "source/node/credentials.h"

#include <cstdint>
#include <fstream>
#include <string_view>

#include "util/base64.h"

namespace lode::source::node {
namespace {

std::string basic(std::string_view user_and_password) {
    return "Basic " + util::to_base64({reinterpret_cast<const std::uint8_t*>(user_and_password.data()),
                                       user_and_password.size()});
}

}  // namespace

Credentials::Credentials(const util::Url& url, const SourceOptions& options) {
    if (url.has_credentials) {
        header_ = basic(url.user + ":" + url.password);
    } else if (!options.rpc_user.empty() || !options.rpc_password.empty()) {
        header_ = basic(options.rpc_user + ":" + options.rpc_password);
    } else if (!options.rpc_cookie.empty()) {
        cookie_ = options.rpc_cookie;
        reload();
    } else if (!options.user.empty()) {
        header_ = basic(options.user + ":" + options.password);
    }
}

bool Credentials::reload() {
    if (cookie_.empty()) return false;
    std::ifstream file(cookie_, std::ios::binary);
    std::string line;
    char c = 0;
    while (line.size() < 1024 && file.get(c) && c != '\n' && c != '\r') line += c;
    std::string header = line.empty() ? "" : basic(line);
    const bool changed = header != header_;
    header_ = std::move(header);
    return changed && !header_.empty();
}

}  // namespace lode::source::node
