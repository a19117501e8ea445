// The list of other machines that --http-fleet names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lode/result.h"
#include "util/url.h"

namespace lode::status {

struct FleetMember {
    std::string name;   // as shown; host:port where the list gives none
    util::Url url;      // http or https, without credentials and path
    std::string token;  // of its --http-token; empty: none. Secret
};

constexpr std::size_t kMaxFleet = 256;

// Lines of ADDRESS [TOKEN], with '#' comments, or a JSON array of "ADDRESS" and {"address", "name", "token"}.
// ADDRESS is host:port or http(s)://host:port. Usage: what cannot be read, too many or repeated machines; no
// error repeats a token.
Result<std::vector<FleetMember>> parse_fleet(std::string_view text);
Result<std::vector<FleetMember>> read_fleet(const std::string& path);  // at most 1 MiB

}  // namespace lode::status
