#include "source/stratum/line_connection.h"

#include <utility>

#include "source/stratum/messages.h"

namespace lode::source::stratum {

LineConnection::LineConnection(std::shared_ptr<net::Stream> stream, Handlers handlers)
    : handlers_(std::move(handlers)),
      connection_(std::make_shared<pool::Connection>(
          std::move(stream), pool::Connection::Handlers{[this](std::string_view bytes) { received(bytes); },
                                                        [this](const Error& error) { fail(error); }})) {}

void LineConnection::close() {
    open_ = false;
    connection_->close();
}

void LineConnection::fail(const Error& error) {
    if (!open_) return;
    close();
    handlers_.closed(error);
}

void LineConnection::received(std::string_view rest) {
    if (!std::exchange(begun_, true)) handlers_.first_bytes(rest);
    for (auto end = rest.find('\n'); open_ && end != std::string_view::npos; end = rest.find('\n')) {
        if (partial_.empty()) {
            handlers_.line(rest.substr(0, end));
        } else {
            partial_ += rest.substr(0, end);
            handlers_.line(std::exchange(partial_, {}));
        }
        rest.remove_prefix(end + 1);
    }
    if (!open_) return;
    partial_ += rest;
    if (partial_.size() > kMaxLine)
        return fail({ErrorKind::Malformed, "a line without end", {}, "at most 1 MiB"});
    handlers_.pause();
}

void LineConnection::send(std::string_view line) {
    if (!open_) return;
    connection_->send(std::string(line) + '\n');
}

}  // namespace lode::source::stratum
