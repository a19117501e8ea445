// Where the HTTP server listens.
#pragma once

#include <string>

#include "lode/result.h"
#include "util/url.h"

namespace lode::status {

// [ADDR:]PORT; without ADDR 127.0.0.1. ADDR is an IP address or localhost; port 0 is any free one. Usage.
Result<util::Url> parse_listen_address(const std::string& text);
bool is_loopback(const util::Url& address);

}  // namespace lode::status
