#include "p2p/connection.h"

#include "net/stream.h"
#include "util/clock.h"

namespace lode::p2p {

Now now() {
    using namespace std::chrono;
    return {duration_cast<milliseconds>(steady_clock::now().time_since_epoch()), util::unix_time()};
}

Connection::Connection(std::unique_ptr<net::Stream> stream, std::string name, const Magic& magic,
                       Chain& chain, const SessionSettings& settings)
    : name_(std::move(name)),
      magic_(magic),
      frames_(magic),
      session_(chain, settings, now()),
      socket_(std::move(stream), {[this](std::span<const std::uint8_t> bytes) {
                                      frames_.feed(bytes);
                                      advance();
                                  },
                                  [this] { advance(); },
                                  [this](const std::string& reason) {
                                      if (!end_) end_ = Drop{reason};
                                  }}) {
    own_address_ = socket_.address();
}

void Connection::start() {
    advance();
}

// Handles received frames and sends messages, one at a time.
void Connection::advance() {
    for (;;) {
        flush();
        if (closed() || socket_.queued() > kMaxQueued) return;  // continues when a message has been sent
        if (!receive_next()) break;
    }
    socket_.read();
}

// False: no complete frame.
bool Connection::receive_next() {
    const auto frame = frames_.next();
    if (frame && !*frame) return false;
    const auto message = frame ? parse(**frame) : tl::unexpected(frame.error());
    if (message)
        session_.receive(*message, now());
    else
        session_.misbehaved(message.error().text());
    return true;
}

// Sends the session's messages, within the bound, and closes if the session has ended.
void Connection::flush() {
    while (!closed() && !session_.dropped() && socket_.queued() <= kMaxQueued) {
        const auto message = session_.next_outgoing();
        if (!message) return;
        socket_.send(serialize(magic_, *message));
    }
    if (closed() || !session_.dropped()) return;
    end_ = session_.dropped();
    close();
}

void Connection::tick() {
    if (closed()) return;
    session_.tick(now());
    flush();
}

void Connection::announce(std::span<const BlockHeader> headers) {
    session_.announce(headers);
    flush();
}

void Connection::request_headers() {
    session_.request_headers(now());
    flush();
}

}  // namespace lode::p2p
