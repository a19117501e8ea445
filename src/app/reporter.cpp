#include "app/reporter.h"

#include <cstdio>

namespace lode::app {

void Reporter::print(const std::string& line) {
    if (broken_) return;
    broken_ = std::fwrite(line.data(), 1, line.size(), stdout) != line.size() ||
              std::fputc('\n', stdout) == EOF || std::fflush(stdout) != 0;
}

std::unique_ptr<Reporter> make_reporter(Format format) {
    return format == Format::Json ? make_json_reporter() : make_text_reporter();
}

}  // namespace lode::app
