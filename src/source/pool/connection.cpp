#include "source/pool/connection.h"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "net/stream.h"

namespace lode::source::pool {
namespace {

constexpr std::size_t kChunk = 64 << 10;     // bytes handled before other tasks run
constexpr std::size_t kMaxUnsent = 1 << 20;  // bytes

}  // namespace

Connection::Connection(std::shared_ptr<net::Stream> stream, Handlers handlers)
    : stream_(std::move(stream)), handlers_(std::move(handlers)), chunk_(kChunk, '\0') {}

void Connection::start() {
    read();
}

void Connection::close() {
    open_ = false;
    stream_->close();
}

void Connection::read() {
    stream_->async_read_some(boost::asio::buffer(chunk_), [self = shared_from_this()](
                                                              boost::system::error_code code,
                                                              std::size_t size) {
        if (!self->open_) return;
        if (size > 0) self->handlers_.received(std::string_view(self->chunk_).substr(0, size));
        if (code && self->open_) {
            self->close();
            self->handlers_.closed({ErrorKind::Unreachable, "connection lost: " + code.message(), {}, {}});
        }
        if (!self->open_) return;
        self->stream_->acknowledge();
        self->read();
    });
}

void Connection::send(std::string_view bytes) {
    if (!open_ || waiting_.size() > kMaxUnsent) return;
    waiting_ += bytes;
    if (being_sent_.empty()) write();
}

void Connection::write() {
    being_sent_ = std::exchange(waiting_, {});
    boost::asio::async_write(*stream_, boost::asio::buffer(being_sent_),
                             [self = shared_from_this()](boost::system::error_code code, std::size_t) {
                                 self->being_sent_.clear();
                                 // an error is also seen by the read that is always outstanding
                                 if (!code && self->open_ && !self->waiting_.empty()) self->write();
                             });
}

}  // namespace lode::source::pool
