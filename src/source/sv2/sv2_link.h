// A connection to a pool that speaks Stratum V2.
#pragma once

#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "source/pool/link.h"
#include "source/sv2/session.h"

namespace lode::source::sv2 {

struct LinkOptions {
    std::string name;  // the pool's, for the log
    SessionOptions session;
    std::optional<Bytes32> authority;  // nullopt: the server is not authenticated
    std::chrono::milliseconds handshake_timeout{10'000};
    bool dump = false;  // log every frame
};

std::unique_ptr<pool::Links> make_links(LinkOptions options, const boost::asio::any_io_executor& executor);

}  // namespace lode::source::sv2
