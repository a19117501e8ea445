// RPC credentials: user and password, or the cookie file that the node writes at each start.
#pragma once

#include <string>

#include "lode/source_options.h"
#include "util/url.h"

namespace lode::source::node {

class Credentials {
 public:
    // The first available of: the URL's, rpc_user and rpc_password, rpc_cookie, user and password.
    Credentials(const util::Url& url, const SourceOptions& options);

    // The value of HTTP's Authorization header; empty if there are no credentials.
    [[nodiscard]] const std::string& header() const { return header_; }
    // Reads the cookie file again; true if that changed the header.
    bool reload();
    [[nodiscard]] bool from_cookie() const { return !cookie_.empty(); }
    [[nodiscard]] const std::string& cookie() const { return cookie_; }

 private:
    std::string cookie_;  // path
    std::string header_;
};

}  // namespace lode::source::node
