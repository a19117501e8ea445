// Who we are to the node: user and password, or the cookie file that it writes at each start.
#pragma once

#include <string>

#include "source/options.h"
#include "util/url.h"

namespace lode::source::node {

class Credentials {
 public:
    // Those of the URL before --rpc-user before --rpc-cookie.
    Credentials(const util::Url& url, const SourceOptions& options);

    // The value of HTTP's Authorization header; empty where there is nothing to show.
    [[nodiscard]] const std::string& header() const { return header_; }
    // Reads the cookie file again: true where that changed the header.
    bool reload();
    [[nodiscard]] bool from_cookie() const { return !cookie_.empty(); }
    [[nodiscard]] const std::string& cookie() const { return cookie_; }

 private:
    std::string cookie_;  // path
    std::string header_;
};

}  // namespace lode::source::node
