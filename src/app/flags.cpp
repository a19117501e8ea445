#include "app/flags.h"

#include <string_view>

namespace lode::app {
namespace {

// How errors of sources begin, in `where` or else in `what`.
struct Flag {
    std::string_view option, flag;
};
constexpr Flag kFlags[] = {
    {"API address", "--api"},
    {"API access list", "--api-allow"},
    {"API group", "--api-groups"},
    {"coinbase address", "--coinbase-addr"},
    {"coinbase tag", "--coinbase-tag"},
    {"cookie file", "--rpc-cookie"},
    {"no user for the pool", "-u"},
    {"fingerprint", "--tls-fingerprint"},
    {"CA file", "--tls-ca"},
    {"proxy", "-x"},
    {"peer", "--peer"},
    {"HTTP server", "--http"},
    {"the HTTP token", "--http-token"},
    {"the HTTP address", "--http"},
    {"minimum difficulty", "--min-difficulty-blocks"},
    {"URL", "-o"},
};

}  // namespace

Error with_flag(const Error& error) {
    if (error.kind != ErrorKind::Usage) return error;
    for (const auto& [option, flag] : kFlags)
        if (error.where.starts_with(option) || error.what.starts_with(option))
            return error.at(std::string(flag));
    return error;
}

std::string plain_words(const std::string& parser_error) {
    constexpr std::string_view kTooMany = ": At Most 1 required but received ";
    constexpr std::string_view kMissing = ": 1 required ";
    constexpr std::string_view kNotConverted = "Could not convert: ", kIs = " = ";
    const std::string& text = parser_error;
    if (const auto at = text.find(kTooMany); at != std::string::npos)
        return text.substr(0, at) + ": " + text.substr(at + kTooMany.size()) + " values (expected: one)";
    if (const auto at = text.find(kMissing); at != std::string::npos && text.ends_with(" missing"))
        return text.substr(0, at) + ": its value is missing";
    if (const auto at = text.find(kIs); text.starts_with(kNotConverted) && at != std::string::npos)
        return text.substr(kNotConverted.size(), at - kNotConverted.size()) + ": cannot be '" +
               text.substr(at + kIs.size()) + "'";
    return text;
}

}  // namespace lode::app
