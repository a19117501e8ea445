// Connects: name, TCP, proxy, TLS, each step with its own time-out.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "lode/result.h"
#include "source/net/tls.h"
#include "source/options.h"
#include "util/url.h"

namespace lode::source::net {

class Stream;

// One attempt. Destroying it cancels: the handler is then never called.
class Attempt {
 public:
    Attempt() = default;
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;
    virtual ~Attempt() = default;
};

using DialHandler = std::function<void(Result<std::unique_ptr<Stream>>)>;

// What the options say about connecting, checked once. Copies share the TLS context.
class Dialer {
 public:
    // Usage: a bad proxy, CA file or fingerprint.
    static Result<Dialer> make(const SourceOptions& options, bool tls);

    // The handler is called once, on the executor and not from within. Keep-alive is on, Nagle's delay off.
    [[nodiscard]] std::unique_ptr<Attempt> dial(const boost::asio::any_io_executor& executor,
                                                const std::string& host, std::uint16_t port,
                                                DialHandler handler) const;
    [[nodiscard]] bool tls() const { return tls_.has_value(); }
    void set_step_timeout(std::chrono::milliseconds timeout) { step_timeout_ = timeout; }

 private:
    std::optional<util::Url> proxy_;
    std::optional<TlsPolicy> tls_;
    std::chrono::milliseconds step_timeout_{10'000};
    friend class Dialling;
};

}  // namespace lode::source::net
