#include "cgminer_api/connection.h"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "cgminer_api/request.h"

namespace lode::cgminer_api {

namespace asio = boost::asio;
using boost::system::error_code;

Connection::Connection(asio::ip::tcp::socket socket, Answer answer, Sent sent, std::shared_ptr<void> slot)
    : socket_(std::move(socket)),
      answer_(std::move(answer)),
      sent_(std::move(sent)),
      slot_(std::move(slot)),
      deadline_(socket_.get_executor()),
      quiet_(socket_.get_executor()) {}

void Connection::start() {
    deadline_.after(kDeadline, [this] { close(); });
    read();
}

void Connection::read() {
    socket_.async_read_some(
        asio::buffer(buffer_), [this, self = shared_from_this()](error_code error, std::size_t size) {
            if (answered_) return;
            request_.append(buffer_.data(), std::min(size, kMaxRequest - request_.size()));
            if (error || is_complete(request_)) return request_.empty() ? close() : reply();
            quiet_.after(kQuiet, [this] { reply(); });
            read();
        });
}

void Connection::reply() {
    answered_ = true;
    quiet_.cancel();
    reply_ = answer_(request_);
    asio::async_write(socket_, asio::buffer(reply_.bytes),
                      [this, self = shared_from_this()](error_code error, std::size_t) {
                          sent_(reply_);
                          if (error) return close();
                          error_code ignored;
                          socket_.cancel(ignored);  // the read still pending
                          socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
                          await_close();
                      });
}

// Closing at once would reset the connection over unread input, and lose the answer.
void Connection::await_close() {
    socket_.async_read_some(asio::buffer(buffer_),
                            [this, self = shared_from_this()](error_code error, std::size_t) {
                                if (!error) return await_close();
                                close();
                            });
}

void Connection::close() {
    answered_ = true;
    deadline_.cancel();
    quiet_.cancel();
    error_code ignored;
    socket_.close(ignored);
}

}  // namespace lode::cgminer_api
