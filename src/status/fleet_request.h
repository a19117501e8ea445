// One GET /api/v1/status to another lode.
#pragma once

#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "lode/result.h"
#include "net/dialer.h"
#include "status/fleet_file.h"

namespace lode::status {

// Destroying it cancels: the handler is then never called. Used on the executor's thread.
class FleetRequest {
 public:
    // body: of an answer with status 200. Called once, not from inside the constructor.
    using Handler = std::function<void(Result<std::string> body)>;

    static constexpr std::chrono::seconds kWithin{8};
    static constexpr std::size_t kMaxBody = 512 * 1024;

    FleetRequest(const boost::asio::any_io_executor& executor, const net::Dialer& dialer,
                 const FleetMember& member, Handler handler);
    FleetRequest(const FleetRequest&) = delete;
    FleetRequest& operator=(const FleetRequest&) = delete;
    ~FleetRequest();

 private:
    class Exchange;
    std::shared_ptr<Exchange> exchange_;
};

}  // namespace lode::status
