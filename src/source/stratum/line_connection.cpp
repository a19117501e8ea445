#include "source/stratum/line_connection.h"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "source/net/stream.h"
#include "source/stratum/messages.h"

namespace lode::source::stratum {

namespace {

constexpr std::size_t kChunk = 64 << 10;     // bytes handled before others have their turn
constexpr std::size_t kMaxUnsent = 1 << 20;  // bytes

}  // namespace

LineConnection::LineConnection(std::shared_ptr<net::Stream> stream, Handlers handlers)
    : stream_(std::move(stream)), handlers_(std::move(handlers)), chunk_(kChunk, '\0') {}

void LineConnection::start() {
    read();
}

void LineConnection::close() {
    open_ = false;
    stream_->close();
}

void LineConnection::fail(Error error) {
    if (!open_) return;
    close();
    handlers_.closed(error);
}

void LineConnection::read() {
    stream_->async_read_some(
        boost::asio::buffer(chunk_),
        [self = shared_from_this()](boost::system::error_code code, std::size_t size) {
            if (!self->open_) return;
            if (size > 0) self->received(size);
            if (code) self->fail({ErrorKind::Unreachable, "connection lost: " + code.message(), {}, {}});
            if (!self->open_) return;
            self->stream_->acknowledge();
            self->read();
        });
}

void LineConnection::received(std::size_t size) {
    std::string_view rest(chunk_.data(), size);
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
    if (!open_ || waiting_.size() > kMaxUnsent) return;
    waiting_ += line;
    waiting_ += '\n';
    if (being_sent_.empty()) write();
}

void LineConnection::write() {
    being_sent_ = std::exchange(waiting_, {});
    boost::asio::async_write(*stream_, boost::asio::buffer(being_sent_),
                             [self = shared_from_this()](boost::system::error_code code, std::size_t) {
                                 self->being_sent_.clear();
                                 // an error is also seen by the read that is always outstanding
                                 if (!code && self->open_ && !self->waiting_.empty()) self->write();
                             });
}

}  // namespace lode::source::stratum
