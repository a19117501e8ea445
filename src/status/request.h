// An HTTP request and its answer as values: the logic is separate from the I/O.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace lode::status {

enum class Method { Get, Head, Post, Other };

// As received, unchecked.
struct Request {
    Method method = Method::Get;
    std::string path;                         // from '/' up to '?', not decoded: no path of ours needs it
    std::string query;                        // after '?'
    std::string host, authorization, accept;  // the headers; empty where absent
    bool may_name_no_host = false;  // HTTP/1.0 without Host, as a load balancer's check of health is
};

struct Response {
    unsigned status = 200;
    std::string type = "application/json";  // Content-Type
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;  // in addition to those of every answer
    bool events = false;         // the connection then becomes an endless stream of events
    std::function<void()> then;  // called after the answer was sent or failed to be sent; may be empty
};

// {"error": text}, which is made printable.
Response error_response(unsigned status, const std::string& text);

}  // namespace lode::status
