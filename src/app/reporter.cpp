#include "app/reporter.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace lode::app {

void Reporter::print(const std::string& line) {
    if (broken()) return;
    if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size() || std::fputc('\n', stdout) == EOF ||
        std::fflush(stdout) != 0)
        errno_ = errno;
}

std::optional<Error> Reporter::trouble() const {
    if (errno_ == 0 || errno_ == EPIPE) return std::nullopt;
    return Error{ErrorKind::Storage, std::strerror(errno_), "standard output", {}};
}

std::unique_ptr<Reporter> make_reporter(Format format) {
    return format == Format::Json ? make_json_reporter() : make_text_reporter();
}

}  // namespace lode::app
