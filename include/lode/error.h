// An expected failure, as a value: what was wrong, where, and what was expected instead. No dependencies, so
// that the GPU backends can use it on a machine with nothing but a compiler.
#pragma once

#include <string>
#include <utility>

namespace lode {

enum class ErrorKind {
    Usage,        // a flag, a configuration value, a file that the user named: exit code 1
    Unreachable,  // a source, a peer: may succeed when retried; exit code 2 when retries are exhausted
    Refused,      // the other side answered and refused: HTTP 401, unknown rule, wrong network
    Malformed,    // invalid data from the network or a file
    Device,       // a device failed: exit code 3 when none is left
    Storage,      // the data directory: unwritable, full, locked, damaged
    Internal,     // a bug or an impossible state: exit code 4
};

struct Error {
    ErrorKind kind = ErrorKind::Internal;
    std::string what;      // "nBits is negative: 1d80ffff"; untrusted text already made printable
    std::string where;     // "template from http://127.0.0.1:8332", may be empty
    std::string expected;  // "a positive compact target", may be empty

    // One line of text: "where: what (expected: expected)".
    [[nodiscard]] std::string text() const {
        std::string line = where.empty() ? what : where + ": " + what;
        if (!expected.empty()) line += " (expected: " + expected + ")";
        return line;
    }
    // The same error with `place` put in front of `where`, unless it begins with it already.
    [[nodiscard]] Error at(const std::string& place) const {
        Error outer = *this;
        if (outer.where == place || outer.where.starts_with(place + ": ")) return outer;
        outer.where = outer.where.empty() ? place : place + ": " + outer.where;
        return outer;
    }
};

}  // namespace lode
