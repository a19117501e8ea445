// Which redirects of client.reconnect are followed. A man in the middle can forge them, so only those to the
// same host or within its domain.
#pragma once

#include <string_view>

namespace lode::source::stratum {

// Both in lower case. from: the host that the user named.
bool redirect_allowed(std::string_view from, std::string_view to);

}  // namespace lode::source::stratum
