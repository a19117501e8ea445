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

}  // namespace lode::app
