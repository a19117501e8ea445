// One keep-alive HTTP/1.1 connection to a node, plain or TLS: posts a body, returns the response.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "lode/result.h"
#include "net/dialer.h"
#include "util/url.h"

namespace lode::source::node {

inline constexpr std::size_t kMaxAnswer = 64u << 20;  // bytes; a full template is about 10 MB of JSON

struct HttpReply {
    unsigned status = 0;
    std::string body;
    std::chrono::steady_clock::time_point received;  // when its last byte was read
};

// Used on the io thread. One exchange at a time. Destroying it cancels: the handler is then never called.
class HttpConnection {
 public:
    using Handler = std::function<void(Result<HttpReply>)>;

    HttpConnection(boost::asio::any_io_executor executor, net::Dialer dialer, util::Url url);
    ~HttpConnection();
    HttpConnection(const HttpConnection&) = delete;
    HttpConnection& operator=(const HttpConnection&) = delete;

    // Connects if needed. authorization: the header's value, empty for none. The handler is called once,
    // never from inside the call; its Error is Unreachable if a retry may succeed, Malformed if the response
    // is not HTTP. If the node has closed a kept-alive connection, the request is repeated once on a new one,
    // so it may reach the node twice.
    void post(std::string body, const std::string& authorization, std::chrono::milliseconds timeout,
              Handler handler);
    // Ends an outstanding exchange; its handler is never called.
    void cancel();

 private:
    class Exchange;
    std::shared_ptr<Exchange> exchange_;  // the latest; keeps the stream between requests
    boost::asio::any_io_executor executor_;
    net::Dialer dialer_;
    util::Url url_;
};

}  // namespace lode::source::node
