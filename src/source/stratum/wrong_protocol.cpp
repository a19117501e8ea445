#include "source/stratum/wrong_protocol.h"

#include <algorithm>

namespace lode::source::stratum {
namespace {

// RFC 8446, 5.1: a record of type alert or handshake, of any version.
bool tls_record(std::string_view bytes) {
    return bytes.size() >= 3 && (bytes[0] == 0x15 || bytes[0] == 0x16) && bytes[1] == 3 &&
           static_cast<unsigned char>(bytes[2]) <= 4;  // whether char has a sign depends on the machine
}

bool http(std::string_view bytes) {
    return bytes.starts_with("HTTP/") || bytes.starts_with("<html") || bytes.starts_with("<!DOCTYPE");
}

// Looks like a Stratum V2 answer, after the server took our first 64 bytes for a key. A V1 pool sends JSON,
// in which control characters are escaped; 32 random bytes contain one in 98 of 100 cases.
bool binary(std::string_view bytes) {
    return std::ranges::any_of(bytes.substr(0, 32), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\r' && c != '\n';
    });
}

}  // namespace

std::optional<Error> wrong_protocol(std::string_view first_bytes, const std::string& place, bool tls) {
    if (http(first_bytes))
        return Error{ErrorKind::Refused,
                     "an HTTP server, not a pool",
                     {},
                     (tls ? "https://" : "http://") + place + " for a node, or another port of the pool"};
    if (!tls && tls_record(first_bytes))
        return Error{ErrorKind::Refused, "this port needs TLS", {}, "stratum+ssl://" + place};
    if (!tls && binary(first_bytes))
        return Error{ErrorKind::Refused,
                     "the server answers in binary, as a pool of Stratum V2 does",
                     {},
                     "stratum2+tcp://" + place + "/KEY, with the key that the pool publishes"};
    return std::nullopt;
}

}  // namespace lode::source::stratum
