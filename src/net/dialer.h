// Connects: name resolution, TCP, proxy, TLS, each step with its own time-out.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "lode/result.h"
#include "lode/source_options.h"
#include "net/tls.h"
#include "util/url.h"

namespace lode::net {

class Stream;

// A connection attempt. Destroying it cancels it: the handler is then never called.
class Attempt {
 public:
    Attempt() = default;
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;
    virtual ~Attempt() = default;
};

using DialHandler = std::function<void(Result<std::unique_ptr<Stream>>)>;

// Makes connections according to the options, which are checked once. Copies share the TLS context.
class Dialer {
 public:
    // Usage: a bad proxy, CA file or fingerprint.
    static Result<Dialer> make(const DialOptions& options, bool tls);

    // The handler is called once, on the executor, never from inside the call. Enables keep-alive and
    // TCP_NODELAY.
    [[nodiscard]] std::unique_ptr<Attempt> dial(const boost::asio::any_io_executor& executor,
                                                const std::string& host, std::uint16_t port,
                                                DialHandler handler) const;
    [[nodiscard]] bool tls() const { return tls_.has_value(); }
    // Whether anyone could pretend to be the server: TLS, but nothing verified, as the options ask for.
    [[nodiscard]] bool unverified() const { return tls_ && !tls_->verify_chain && !tls_->pinned; }
    void set_step_timeout(std::chrono::milliseconds timeout) {
        step_timeout_ = timeout;
        next_address_after_ = std::min(next_address_after_, timeout);
    }

 private:
    std::optional<util::Url> proxy_;
    std::optional<TlsPolicy> tls_;
    std::chrono::milliseconds step_timeout_{10'000};
    // Where a name has several; the last one has a whole step.
    std::chrono::milliseconds next_address_after_{2'500};
    friend class Dialling;
};

}  // namespace lode::net
