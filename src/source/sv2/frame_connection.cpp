#include "source/sv2/frame_connection.h"

#include <utility>

#include "net/stream.h"
#include "util/clock.h"

namespace lode::source::sv2 {
namespace {

std::string_view as_text(const Bytes& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

FrameConnection::FrameConnection(std::shared_ptr<net::Stream> stream,
                                 const boost::asio::any_io_executor& executor, Transport transport,
                                 Handlers handlers)
    : transport_(std::move(transport)),
      handlers_(std::move(handlers)),
      connection_(std::make_shared<pool::Connection>(
          std::move(stream), pool::Connection::Handlers{[this](std::string_view bytes) { received(bytes); },
                                                        [this](const Error& error) { fail(error); }})),
      handshake_(executor) {}

void FrameConnection::start(std::chrono::milliseconds handshake_timeout) {
    connection_->send(as_text(transport_.act1()));
    connection_->start();
    handshake_.after(handshake_timeout, [this, handshake_timeout] {
        fail(
            {ErrorKind::Unreachable,
             "no answer to the handshake within " +
                 std::to_string(std::chrono::duration_cast<std::chrono::seconds>(handshake_timeout).count()) +
                 " s",
             {},
             {}});
    });
}

void FrameConnection::send(const Frame& frame) {
    if (open_ && transport_.established()) connection_->send(as_text(transport_.seal(frame)));
}

void FrameConnection::close() {
    open_ = false;
    handshake_.cancel();
    connection_->close();
}

void FrameConnection::fail(Error error) {
    if (!open_) return;
    close();
    if (!transport_.established() && transport_.answered_in_text()) error = speaks_v1();
    handlers_.closed(std::move(error));
}

void FrameConnection::received(std::string_view bytes) {
    const bool before = transport_.established();
    const auto fed = transport_.feed({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()},
                                     util::unix_time());
    if (!fed) return fail(fed.error());
    if (!transport_.established()) return;
    if (!before) {
        handshake_.cancel();
        handlers_.established();
    }
    read_frames();
    if (open_) handlers_.pause();
}

void FrameConnection::read_frames() {
    while (open_) {
        const auto frame = transport_.next();
        if (!frame) return fail(frame.error());
        if (!*frame) return;
        handlers_.frame(**frame);
    }
}

}  // namespace lode::source::sv2
