#include "support/fake_node.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <optional>
#include <set>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "work/roll.h"

namespace lode::testing {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using nlohmann::json;

FakeReply result(const json& value) {
    return raw(200, json{{"result", value}, {"error", nullptr}, {"id", "lode"}}.dump());
}
FakeReply rpc_error(int code, const std::string& message, unsigned status) {
    return raw(
        status,
        json{{"result", nullptr}, {"error", {{"code", code}, {"message", message}}}, {"id", "lode"}}.dump());
}
FakeReply raw(unsigned status, std::string body) {
    FakeReply reply;
    reply.status = status;
    reply.body = std::move(body);
    return reply;
}

class FakeNode::Server : public std::enable_shared_from_this<Server> {
 public:
    Server(asio::io_context& io, FakeNode& owner, Answer answer)
        : io_(io), owner_(&owner), answer_(std::move(answer)), acceptor_(io) {}

    void open() {
        const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port_);
        acceptor_.open(endpoint.protocol());
        acceptor_.set_option(tcp::acceptor::reuse_address(true));
        acceptor_.bind(endpoint);
        acceptor_.listen();
        port_ = acceptor_.local_endpoint().port();
        accept();
    }
    void close() {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        for (auto& socket : sockets_) socket->close(ignored);
        sockets_.clear();
    }
    void forget() { owner_ = nullptr; }
    void set_threads(std::size_t count) { threads_ = count; }
    [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
    struct Session {
        std::shared_ptr<tcp::socket> socket;
        boost::beast::flat_buffer buffer;
        std::optional<http::request_parser<http::string_body>> parser;
        std::string answer;
        std::optional<asio::steady_timer> timer;
    };

    void accept() {
        acceptor_.async_accept([self = shared_from_this()](auto code, tcp::socket socket) {
            if (code) return;
            auto session = std::make_shared<Session>();
            session->socket = std::make_shared<tcp::socket>(std::move(socket));
            self->sockets_.insert(session->socket);
            self->read(session);
            self->accept();
        });
    }
    void read(const std::shared_ptr<Session>& session) {
        session->parser.emplace();
        session->parser->body_limit(64u << 20);
        http::async_read(*session->socket, session->buffer, *session->parser,
                         [self = shared_from_this(), session](auto code, std::size_t) {
                             if (code || self->owner_ == nullptr) return;
                             self->waiting_.push_back(session);
                             self->serve();
                         });
    }
    void serve() {
        while (owner_ != nullptr && !waiting_.empty() && (threads_ == 0 || busy_ < threads_)) {
            const auto session = waiting_.front();
            waiting_.pop_front();
            ++busy_;
            reply(session);
        }
    }
    void reply(const std::shared_ptr<Session>& session) {
        const auto request = session->parser->release();
        const json call = json::parse(request.body(), nullptr, false);
        FakeCall seen{call.value("method", ""), call.value("params", json()),
                      std::string(request[http::field::authorization])};
        owner_->calls.push_back(seen);
        const FakeReply reply = answer_(seen);
        if (reply.never) return;
        boost::system::error_code ignored;
        if (reply.hang_up) {
            --busy_;
            session->socket->close(ignored);
            return;
        }
        session->answer = "HTTP/1.1 " + std::to_string(reply.status) +
                          " X\r\nContent-Length: " + std::to_string(reply.body.size()) + "\r\n\r\n" +
                          reply.body.substr(0, reply.body.size() - reply.cut);
        const bool last = reply.cut > 0;
        session->timer.emplace(io_, reply.after);
        session->timer->async_wait([self = shared_from_this(), session, last](auto) {
            --self->busy_;
            self->serve();
            asio::async_write(*session->socket, asio::buffer(session->answer),
                              [self, session, last](auto code, std::size_t) {
                                  boost::system::error_code nothing;
                                  if (last) session->socket->close(nothing);
                                  if (!code && !last) self->read(session);
                              });
        });
    }

    asio::io_context& io_;
    FakeNode* owner_;
    Answer answer_;
    tcp::acceptor acceptor_;
    std::uint16_t port_ = 0;
    std::set<std::shared_ptr<tcp::socket>> sockets_;
    std::deque<std::shared_ptr<Session>> waiting_;
    std::size_t threads_ = 0, busy_ = 0;
};

FakeNode::FakeNode(asio::io_context& io, Answer answer)
    : server_(std::make_shared<Server>(io, *this, std::move(answer))) {
    server_->open();
}
FakeNode::~FakeNode() {
    server_->forget();
    server_->close();
}
std::uint16_t FakeNode::port() const {
    return server_->port();
}
std::string FakeNode::url(const std::string& credentials) const {
    return "http://" + credentials + "127.0.0.1:" + std::to_string(port());
}
void FakeNode::close() {
    server_->close();
}
void FakeNode::open() {
    server_->open();
}
void FakeNode::set_threads(std::size_t count) {
    server_->set_threads(count);
}
std::size_t FakeNode::count(const std::string& method) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(calls, [&](const FakeCall& call) { return call.method == method; }));
}

bool RecordingSink::said(const std::string& part) const {
    return std::ranges::any_of(messages,
                               [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

bool run_until(asio::io_context& io, const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!done() && std::chrono::steady_clock::now() < deadline) {
        io.restart();
        io.run_one_for(std::chrono::milliseconds(20));
    }
    return done();
}

TemporaryFolder::TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "lode-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
}
TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

Solution solve(const JobPtr& job) {
    Solution solution;
    solution.job = job;
    solution.extranonce2 = work::extranonce2(*job, 0);
    solution.header = work::header_of(*job, 0, 0);
    while (solution.header.hash().number() > job->block_target) ++solution.header.nonce;
    solution.hash = solution.header.hash();
    solution.version = solution.header.version;
    solution.block = true;
    return solution;
}

}  // namespace lode::testing
