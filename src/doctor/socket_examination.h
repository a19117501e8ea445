// An examination over a connection that it dials: the conversation, then the chain, then the probe.
#pragma once

#include <memory>
#include <optional>

#include <boost/asio/any_io_executor.hpp>

#include "doctor/chain_check.h"
#include "doctor/doctor.h"
#include "doctor/exam.h"
#include "net/dialer.h"
#include "net/stream.h"
#include "net/timer.h"

namespace lode::doctor {

class SocketExamination : public Examination {
 public:
    SocketExamination(util::Url url, const Options& options, net::Dialer dialer,
                      const boost::asio::any_io_executor& executor);
    void start(Done done) override;

 protected:
    using Clock = net::Timer::Clock;

    virtual Exam& exam() = 0;
    // A connection that a derived class now owns; to be followed by turn().
    virtual void connected(std::unique_ptr<net::Stream> stream) = 0;
    virtual void send_waiting() = 0;  // what the exam wants to be sent
    virtual void close() = 0;

    // To be called after anything was passed to the exam.
    void turn();
    // Ends it: with an error where nothing can be reported. Posted, since a handler may destroy us.
    void finish(std::optional<Error> error);

    const util::Url url_;
    const net::Dialer dialer_;
    const boost::asio::any_io_executor executor_;
    Report report_;
    std::optional<Error> wrong_;  // another protocol answers

 private:
    void judged();

    const bool insecure_, probe_;
    ChainCheck chain_;
    std::unique_ptr<net::Attempt> attempt_;
    net::Timer timer_;
    bool judging_ = false, judged_ = false;
    Done done_;
};

}  // namespace lode::doctor
