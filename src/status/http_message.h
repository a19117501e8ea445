// From Beast's message to ours. Heavy: for .cpp files of this module.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "status/request.h"

namespace lode::status {

using HttpParser = boost::beast::http::request_parser<boost::beast::http::string_body>;

inline constexpr std::size_t kMaxHttpHeader = 8 * 1024, kMaxHttpBody = 1024;

void set_limits(HttpParser& parser);
Request request_of(const HttpParser::value_type& message);

}  // namespace lode::status
