// Where a source is, for clients that want host and port rather than a URL.
#pragma once

#include <cstdint>
#include <string>

namespace lode::status {

struct SourcePlace {
    std::string authority;  // "pool.example:3333"; of the local chain "local"
    std::string host;
    std::uint16_t port = 0;  // 0: none
};

// source: WorkSource::name(), which has no credentials.
SourcePlace source_place(const std::string& source);

}  // namespace lode::status
