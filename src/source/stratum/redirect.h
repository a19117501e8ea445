// Where a pool may send its miners by client.reconnect. Anyone between them and the pool can forge it, so it
// leads only to the same host or into its domain.
#pragma once

#include <string_view>

namespace lode::source::stratum {

// Both in lower case. from: the host that the user named.
bool redirect_allowed(std::string_view from, std::string_view to);

}  // namespace lode::source::stratum
