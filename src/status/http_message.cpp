#include "status/http_message.h"

#include <algorithm>
#include <string_view>

namespace lode::status {

namespace http = boost::beast::http;

namespace {

Method method_of(http::verb verb) {
    switch (verb) {
        case http::verb::get:
            return Method::Get;
        case http::verb::head:
            return Method::Head;
        case http::verb::post:
            return Method::Post;
        default:
            return Method::Other;
    }
}

}  // namespace

void set_limits(HttpParser& parser) {
    parser.header_limit(kMaxHttpHeader);
    parser.body_limit(kMaxHttpBody);
}

Request request_of(const HttpParser::value_type& message) {
    const auto header = [&](http::field name) { return std::string(message[name]); };
    std::string target(message.target());
    Request request;
    request.host = header(http::field::host);
    request.may_name_no_host = message.version() < 11;
    // The absolute form, whose host goes before the header's (RFC 9112, 3.2.2).
    constexpr std::string_view kScheme = "http://";
    if (target.starts_with(kScheme)) {
        const auto path = std::min(target.find_first_of("/?", kScheme.size()), target.size());
        request.host = target.substr(kScheme.size(), path - kScheme.size());
        target.erase(0, path);
        if (!target.starts_with('/')) target.insert(0, 1, '/');
    }
    const auto mark = target.find('?');
    request.method = method_of(message.method());
    request.path = target.substr(0, mark);
    if (mark != std::string::npos) request.query = target.substr(mark + 1);
    request.authorization = header(http::field::authorization);
    request.accept = header(http::field::accept);
    return request;
}

}  // namespace lode::status
