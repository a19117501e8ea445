#include "source/node/credentials.h"

#include <cstdint>
#include <fstream>
#include <string_view>

namespace lode::source::node {
namespace {

std::string base64(std::string_view text) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t j = i; j < i + 3; ++j)
            group = group << 8 | (j < text.size() ? static_cast<unsigned char>(text[j]) : 0u);
        for (std::size_t j = 0; j < 4; ++j)
            out += i + j <= text.size() ? kDigits[group >> (18 - 6 * j) & 63] : '=';
    }
    return out;
}

std::string basic(std::string_view user_and_password) {
    return "Basic " + base64(user_and_password);
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
