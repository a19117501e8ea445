#include "chain/p2p/connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "util/url.h"

namespace lode::p2p {

namespace asio = boost::asio;
using boost::system::error_code;

Now now() {
    using namespace std::chrono;
    return {duration_cast<milliseconds>(steady_clock::now().time_since_epoch()),
            duration_cast<seconds>(system_clock::now().time_since_epoch()).count()};
}

std::string text_of(const asio::ip::tcp::endpoint& endpoint) {
    util::Url url;
    url.host = endpoint.address().to_string();
    url.port = endpoint.port();
    return url.authority();
}

Connection::Connection(Socket socket, std::string name, std::string key, const Magic& magic, Chain& chain,
                       const SessionSettings& settings)
    : socket_(std::move(socket)),
      name_(std::move(name)),
      key_(std::move(key)),
      magic_(magic),
      frames_(magic),
      session_(chain, settings, now()) {
    error_code error;
    if (const auto endpoint = socket_.local_endpoint(error); !error) local_ = text_of(endpoint);
}

void Connection::start() {
    error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    flush();
    read();
}

void Connection::tick() {
    if (closed()) return;
    session_.tick(now());
    flush();
}

void Connection::read() {
    if (reading_ || closed() || queued_ > kMaxQueued) return;
    reading_ = true;
    socket_.async_read_some(
        asio::buffer(buffer_), [self = shared_from_this()](error_code error, std::size_t size) {
            self->reading_ = false;
            if (self->closed()) return;
            if (error)
                self->fail(error == asio::error::eof ? "it closed the connection" : error.message());
            else
                self->received(size);
        });
}

void Connection::received(std::size_t size) {
    frames_.feed(std::span(buffer_).first(size));
    while (!session_.dropped() && !closed()) {
        auto frame = frames_.next();
        if (frame && !*frame) break;
        const auto message = frame ? parse(**frame) : tl::unexpected(frame.error());
        if (message)
            session_.receive(*message, now());
        else
            session_.misbehaved(message.error().text());
    }
    flush();
    read();
}

void Connection::flush() {
    if (closed()) return;
    for (const auto& message : session_.take_outgoing()) {
        queue_.push_back(serialize(magic_, message));
        queued_ += queue_.back().size();
    }
    if (session_.dropped()) {
        end_ = session_.dropped();
        return close();
    }
    write();
}

void Connection::write() {
    if (writing_ || queue_.empty() || closed()) return;
    writing_ = true;
    asio::async_write(socket_, asio::buffer(queue_.front()),
                      [self = shared_from_this()](error_code error, std::size_t) {
                          self->writing_ = false;
                          if (self->closed()) return;
                          if (error) return self->fail(error.message());
                          self->queued_ -= self->queue_.front().size();
                          self->queue_.pop_front();
                          self->write();
                          self->read();
                      });
}

void Connection::fail(const std::string& reason) {
    if (!end_) end_ = Session::Drop{reason};
    close();
}

void Connection::close() {
    error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
}

}  // namespace lode::p2p
