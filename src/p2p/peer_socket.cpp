#include "p2p/peer_socket.h"

#include <array>
#include <deque>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "net/stream.h"
#include "p2p/address.h"

namespace lode::p2p {

namespace asio = boost::asio;
using boost::system::error_code;

struct PeerSocket::Io {
    std::unique_ptr<net::Stream> stream;
    std::array<std::uint8_t, 1 << 16> input{};
    std::deque<Bytes> output;
    std::size_t queued = 0;  // bytes of output
    bool reading = false, writing = false;
};

PeerSocket::PeerSocket(std::unique_ptr<net::Stream> stream, Callbacks callbacks)
    : io_(std::make_shared<Io>()), callbacks_(std::move(callbacks)) {
    io_->stream = std::move(stream);
    error_code ignored;
    io_->stream->socket().set_option(asio::ip::tcp::no_delay(true), ignored);
}

PeerSocket::~PeerSocket() {
    close();
}

void PeerSocket::read() {
    if (closed() || std::exchange(io_->reading, true)) return;
    auto done = scope_.guard([this](error_code error, std::size_t size) {
        io_->reading = false;
        if (error)
            failed(error == asio::error::eof ? "it closed the connection" : error.message());
        else
            callbacks_.received(std::span(io_->input).first(size));
    });
    io_->stream->async_read_some(asio::buffer(io_->input),
                                 [io = io_, done = std::move(done)](
                                     error_code error, std::size_t size) mutable { done(error, size); });
}

void PeerSocket::send(Bytes message) {
    if (closed()) return;
    io_->queued += message.size();
    io_->output.push_back(std::move(message));
    write();
}

void PeerSocket::write() {
    if (io_->output.empty() || std::exchange(io_->writing, true)) return;
    auto done = scope_.guard([this](error_code error, std::size_t) {
        io_->writing = false;
        if (error) return failed(error.message());
        io_->queued -= io_->output.front().size();
        io_->output.pop_front();
        write();
        callbacks_.sent();
    });
    asio::async_write(*io_->stream, asio::buffer(io_->output.front()),
                      [io = io_, done = std::move(done)](error_code error, std::size_t size) mutable {
                          done(error, size);
                      });
}

void PeerSocket::failed(const std::string& reason) {
    close();
    callbacks_.failed(reason);
}

void PeerSocket::close() {
    scope_.close();
    io_->stream->close();
}

std::size_t PeerSocket::queued() const {
    return io_->queued;
}

std::string PeerSocket::address() const {
    error_code error;
    const auto endpoint = io_->stream->socket().local_endpoint(error);
    return error ? std::string() : text_of(endpoint);
}

}  // namespace lode::p2p
