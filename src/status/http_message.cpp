#include "status/http_message.h"

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
    const std::string target(message.target());
    const auto mark = target.find('?');
    Request request;
    request.method = method_of(message.method());
    request.path = target.substr(0, mark);
    if (mark != std::string::npos) request.query = target.substr(mark + 1);
    request.host = header(http::field::host);
    request.authorization = header(http::field::authorization);
    request.accept = header(http::field::accept);
    return request;
}

}  // namespace lode::status
