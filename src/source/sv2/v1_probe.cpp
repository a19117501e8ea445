#include "source/sv2/v1_probe.h"

#include <utility>

#include "source/pool/connection.h"
#include "source/sv2/transport.h"

namespace lode::source::sv2 {
namespace {

constexpr std::chrono::seconds kWait{5};
constexpr const char* kQuestion = "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"lode\"]}\n";

class V1Probe final : public pool::Link {
 public:
    V1Probe(std::shared_ptr<net::Stream> stream, pool::LinkHost& host) : host_(host) {
        connection_ = std::make_shared<pool::Connection>(
            std::move(stream),
            pool::Connection::Handlers{[this](std::string_view bytes) { end(bytes.front() == '{'); },
                                       [this](const Error&) { end(false); }});
    }
    ~V1Probe() override { connection_->close(); }

    void start(pool::TimePoint now) override {
        until_ = now + kWait;
        connection_->send(kQuestion);
        connection_->start();
    }
    void submit(const Solution&, SubmitCallback callback, pool::TimePoint) override {
        host_.act(
            pool::action::Answer{std::move(callback), {Outcome::Status::Stale, "the session was lost"}});
    }
    void step(pool::TimePoint now) override {
        if (now >= until_) end(false);
    }
    [[nodiscard]] pool::TimePoint deadline(pool::TimePoint) const override { return until_; }
    void end() override { connection_->close(); }

 private:
    void end(bool v1) {
        connection_->close();
        host_.act(pool::action::Close{v1 ? speaks_v1()
                                         : Error{ErrorKind::Unreachable,
                                                 "the server answers neither Stratum V2 nor Stratum V1",
                                                 {},
                                                 {}}});
        host_.wake();
    }

    pool::LinkHost& host_;
    pool::TimePoint until_;
    std::shared_ptr<pool::Connection> connection_;
};

}  // namespace

std::unique_ptr<pool::Link> make_v1_probe(std::shared_ptr<net::Stream> stream, pool::LinkHost& host) {
    return std::make_unique<V1Probe>(std::move(stream), host);
}

}  // namespace lode::source::sv2
