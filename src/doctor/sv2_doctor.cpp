#include <utility>

#include <fmt/format.h>

#include "doctor/pool_doctor.h"
#include "doctor/socket_examination.h"
#include "doctor/sv2_exam.h"
#include "source/sv2/frame_connection.h"

namespace lode::doctor {
namespace {

namespace sv2 = source::sv2;

constexpr Rule kHandshake{"handshake", "the Noise handshake is answered with act 2", "Stratum V2, 4.5"};
constexpr Rule kVersion{"certificate-version", "the certificate's version is 0", "Stratum V2, 4.5.3"};
constexpr Rule kValidity{"certificate-time", "the certificate is valid now", "Stratum V2, 4.5.3"};
constexpr Rule kSigned{"certificate-signed", "the authority of the URL signed the certificate",
                       "Stratum V2, 4.5.3 and 4.7"};
constexpr std::chrono::milliseconds kHandshakeTimeout{10'000};

class Sv2Doctor final : public SocketExamination {
 public:
    Sv2Doctor(util::Url url, const Options& options, PoolExamOptions exam,
              std::optional<sv2::Bytes32> authority, const sv2::KeyPair& key, net::Dialer dialer,
              const boost::asio::any_io_executor& executor)
        : SocketExamination(std::move(url), options, std::move(dialer), executor),
          exam_(std::move(exam), url_.host, url_.port, report_),
          authority_(authority),
          key_(key) {}

 private:
    Exam& exam() override { return exam_; }
    void send_waiting() override {
        for (const auto& frame : exam_.take_sent()) connection_->send(frame);
    }
    void close() override {
        if (connection_) connection_->close();
    }

    void connected(std::unique_ptr<net::Stream> stream) override {
        sv2::Transport transport(
            key_,
            [this](const auto& certificate, const auto& server_key, std::int64_t now) {
                return check(certificate, server_key, now);
            },
            sv2::kMaxMiningPayload);
        connection_.emplace(std::move(stream), executor_, std::move(transport),
                            sv2::FrameConnection::Handlers{
                                .established = [this] { exam_.start(Clock::now()); },
                                .frame = [this](const sv2::Frame& f) { exam_.frame(f, Clock::now()); },
                                .pause = [this] { turn(); },
                                .closed = [this](Error error) { closed(std::move(error)); }});
        began_ = Clock::now();
        connection_->start(kHandshakeTimeout);
    }

    // Every check is made, and the conversation goes on whatever they find.
    Result<void> check(const sv2::Certificate& certificate, const sv2::Bytes32& server_key,
                       std::int64_t now) {
        const std::chrono::duration<double, std::milli> took = Clock::now() - began_;
        report_.held(kHandshake, fmt::format("{:.1f} ms", took.count()));
        row(kVersion, sv2::check_version(certificate), "0");
        row(kValidity, sv2::check_validity(certificate, now),
            fmt::format("since {} s, for another {} s", now - std::int64_t{certificate.valid_from},
                        std::int64_t{certificate.not_valid_after} - now));
        if (authority_)
            row(kSigned, sv2::check_signature(certificate, server_key, *authority_), "");
        else
            report_.noted(kSigned, "not checked: the URL has no key");
        return {};
    }
    void row(const Rule& rule, const Result<void>& result, const std::string& seen) {
        report_.check(rule, result.has_value(), result ? seen : result.error().what);
    }

    void closed(Error error) {
        if (!connection_->transport().established()) {
            if (error.kind != ErrorKind::Malformed) return finish(error.at(url_.safe()));
            report_.broken(kHandshake, error.text());
            return finish({});
        }
        exam_.closed(error);
        turn();
    }

    Sv2Exam exam_;
    const std::optional<sv2::Bytes32> authority_;
    const sv2::KeyPair key_;
    Clock::time_point began_;
    std::optional<sv2::FrameConnection> connection_;
};

}  // namespace

Result<std::unique_ptr<Examination>> examine_sv2_pool(const util::Url& url, const Options& options,
                                                      const boost::asio::any_io_executor& executor) {
    auto exam = pool_exam_options(url, options);
    if (!exam) return tl::unexpected(exam.error());
    const auto authority = sv2::authority_of(url, options.source.sv2_insecure);
    if (!authority) return tl::unexpected(authority.error());
    auto key = sv2::make_connection_key();
    if (!key) return tl::unexpected(key.error());
    auto dialer = net::Dialer::make(options.source.dial, false);
    if (!dialer) return tl::unexpected(dialer.error());
    return std::make_unique<Sv2Doctor>(url, options, std::move(*exam), *authority, *key, std::move(*dialer),
                                       executor);
}

}  // namespace lode::doctor
