#include "doctor/socket_examination.h"

#include <utility>

#include <fmt/format.h>

namespace lode::doctor {
namespace {

constexpr Rule kConnect{"connect", "the port takes connections", "measured"};
constexpr Rule kTls{"tls", "the certificate verifies, TLS 1.2 or later", "RFC 8996, RFC 6125"};

}  // namespace

SocketExamination::SocketExamination(util::Url url, const Options& options, net::Dialer dialer,
                                     const boost::asio::any_io_executor& executor)
    : url_(std::move(url)),
      dialer_(std::move(dialer)),
      executor_(executor),
      insecure_(options.source.dial.tls_insecure),
      probe_(options.probe),
      chain_(options.source, executor),
      timer_(executor) {}

void SocketExamination::start(Done done) {
    done_ = std::move(done);
    const auto began = Clock::now();
    attempt_ = dialer_.dial(executor_, url_.host, url_.port,
                            [this, began](Result<std::unique_ptr<net::Stream>> stream) {
                                if (!stream) return finish(stream.error().at(url_.safe()));
                                const std::chrono::duration<double, std::milli> took = Clock::now() - began;
                                report_.held(kConnect, fmt::format("{:.1f} ms", took.count()));
                                if (dialer_.tls() && insecure_)
                                    report_.noted(kTls, "not verified, as asked for");
                                if (dialer_.tls() && !insecure_) report_.held(kTls);
                                connected(std::move(*stream));
                            });
}

void SocketExamination::turn() {
    if (!done_ || judging_) return;
    send_waiting();
    if (!exam().done())
        return timer_.at(exam().deadline(), [this] {
            exam().tick(Clock::now());
            turn();
        });
    timer_.cancel();
    if (wrong_) return finish(wrong_->at(url_.safe()));
    if (exam().failed()) return finish(exam().failed()->at(url_.safe()));
    if (std::exchange(judged_, true)) return finish({});
    judging_ = true;  // before the probe, whose share may be a block
    chain_.start(exam().job(), report_, [this] { judged(); });
}

void SocketExamination::judged() {
    judging_ = false;
    if (!probe_ || exam().over()) return finish({});
    exam().begin_probe(Clock::now());
    turn();
}

void SocketExamination::finish(std::optional<Error> error) {
    close();
    const auto done = std::exchange(done_, nullptr);
    timer_.after({}, [this, done, error] {
        if (error) return done(tl::unexpected(*error));
        done(&report_);
    });
}

}  // namespace lode::doctor
