#include "source/stratum/redirect.h"

#include <algorithm>

namespace lode::source::stratum {
namespace {

std::string_view without_dot(std::string_view host) {
    if (host.ends_with('.')) host.remove_suffix(1);
    return host;
}

bool literal_address(std::string_view host) {
    return host.find(':') != std::string_view::npos ||
           std::ranges::all_of(host, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

// Public suffixes, whose subdomains belong to strangers: "com", and names like "co.uk" or "com.au". A
// complete list would change monthly; wrongly refusing a few short domains only means reconnecting to the
// same host.
bool registry(std::string_view domain) {
    const auto dot = domain.rfind('.');
    if (dot == std::string_view::npos) return true;
    const bool country = domain.size() - dot - 1 == 2;
    return country && domain.find('.') == dot && dot <= 3;
}

bool within(std::string_view host, std::string_view domain) {
    if (host == domain) return true;
    return host.size() > domain.size() + 1 && host.ends_with(domain) &&
           host[host.size() - domain.size() - 1] == '.';
}

}  // namespace

bool redirect_allowed(std::string_view from, std::string_view to) {
    from = without_dot(from);
    to = without_dot(to);
    if (from.empty() || to.empty()) return false;
    if (from == to) return true;
    if (literal_address(from) || literal_address(to)) return false;
    if (!registry(from) && within(to, from)) return true;
    // stratum.pool.example → eu.pool.example
    const std::string_view domain = from.substr(std::min(from.size(), from.find('.') + 1));
    return from.find('.') != std::string_view::npos && !registry(domain) && within(to, domain);
}

}  // namespace lode::source::stratum
