#include "doctor/pool_doctor.h"

#include <utility>

#include "doctor/pool_exam.h"
#include "doctor/socket_examination.h"
#include "source/stratum/line_connection.h"
#include "source/stratum/stratum_source.h"
#include "source/stratum/wrong_protocol.h"
#include "util/clock.h"
#include "work/address.h"

namespace lode::doctor {
namespace {

using source::stratum::LineConnection;

class PoolDoctor final : public SocketExamination {
 public:
    PoolDoctor(util::Url url, const Options& options, PoolExamOptions exam, net::Dialer dialer,
               const boost::asio::any_io_executor& executor)
        : SocketExamination(std::move(url), options, std::move(dialer), executor),
          exam_(std::move(exam), report_) {}

 private:
    Exam& exam() override { return exam_; }
    void send_waiting() override {
        for (const auto& line : exam_.take_sent()) connection_->send(line);
    }
    void close() override {
        if (connection_) connection_->close();
    }

    void connected(std::unique_ptr<net::Stream> stream) override {
        connection_.emplace(
            std::move(stream),
            LineConnection::Handlers{[this](std::string_view bytes) { first_bytes(bytes); },
                                     [this](std::string_view line) { exam_.line(line, Clock::now()); },
                                     [this] { turn(); },
                                     [this](const Error& error) {
                                         exam_.closed(wrong_.value_or(error));
                                         turn();
                                     }});
        exam_.start(Clock::now());
        turn();
        connection_->start();
    }

    void first_bytes(std::string_view bytes) {
        wrong_ = source::stratum::wrong_protocol(bytes, url_.authority(), dialer_.tls());
        if (wrong_) exam_.closed(*wrong_);
    }

    PoolExam exam_;
    std::optional<LineConnection> connection_;
};

}  // namespace

Result<PoolExamOptions> pool_exam_options(const util::Url& url, const Options& options) {
    PoolExamOptions exam;
    exam.user = url.has_credentials ? url.user : options.source.user;
    exam.password = url.has_credentials && !url.password.empty() ? url.password : options.source.password;
    exam.user_agent = options.source.user_agent;
    exam.listen = options.listen;
    exam.job.network = options.source.network;
    exam.job.now = util::unix_time;
    if (url.port == 0) return fail(ErrorKind::Usage, "no port", url.safe(), "host:port");
    if (exam.user.empty()) return fail(ErrorKind::Usage, "no user for the pool", url.safe(), "a user name");
    if (!options.expect_addr.empty()) {
        auto address = work::parse_address(options.expect_addr);
        if (!address) return tl::unexpected(address.error());
        exam.job.expect_addr = address->text;
        exam.job.expect_script = std::move(address->script);
        if (exam.job.network.empty()) exam.job.network = address->networks.front();
    }
    return exam;
}

Result<std::unique_ptr<Examination>> examine_pool(const util::Url& url, const Options& options,
                                                  const boost::asio::any_io_executor& executor) {
    auto exam = pool_exam_options(url, options);
    if (!exam) return tl::unexpected(exam.error());
    auto dialer = net::Dialer::make(options.source.dial, source::stratum::wants_tls(url.scheme));
    if (!dialer) return tl::unexpected(dialer.error());
    return std::make_unique<PoolDoctor>(url, options, std::move(*exam), std::move(*dialer), executor);
}

}  // namespace lode::doctor
