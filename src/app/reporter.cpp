#include "app/reporter.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include "util/line_writer.h"

namespace lode::app {

void Reporter::print(std::string line) {
    util::standard_streams().write(util::Stream::Output, std::move(line) + "\n");
}

bool Reporter::output_gone() {
    return util::standard_streams().error(util::Stream::Output) != 0;
}

std::optional<Error> Reporter::output_error() {
    const int error = util::standard_streams().error(util::Stream::Output);
    if (error == 0 || error == EPIPE) return std::nullopt;
    return Error{ErrorKind::Storage, std::strerror(error), "standard output", {}};
}

std::unique_ptr<Reporter> make_reporter(Format format) {
    return format == Format::Json ? make_json_reporter() : make_text_reporter();
}

}  // namespace lode::app
