#include "status/listen_address.h"

#include <boost/asio/ip/address.hpp>

#include "util/hex.h"

namespace lode::status {

using boost::asio::ip::make_address;

Result<util::Url> parse_listen_address(const std::string& text) {
    const std::string where = "HTTP server on " + util::printable(text, 100);
    // Elsewhere port 0 stands for no port.
    const bool any_port = text == "0" || text.ends_with(":0");
    auto parsed = util::parse_host_port(any_port ? text.substr(0, text.size() - 1) + "1" : text);
    if (!parsed) return fail(ErrorKind::Usage, parsed.error().what, where, "[ADDR:]PORT");
    if (any_port) parsed->port = 0;
    if (parsed->host.empty() || parsed->host == "localhost") parsed->host = "127.0.0.1";
    boost::system::error_code error;
    make_address(parsed->host, error);
    if (error) return fail(ErrorKind::Usage, "not an IP address", where, "[ADDR:]PORT");
    return parsed;
}

bool is_loopback(const util::Url& address) {
    boost::system::error_code error;
    return make_address(address.host, error).is_loopback() && !error;
}

}  // namespace lode::status
