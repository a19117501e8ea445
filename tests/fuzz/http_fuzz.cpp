// A hostile HTTP client: the input is what it sends over one connection, parsed and answered as the server
// does.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <nlohmann/json.hpp>

#include "status/http_message.h"
#include "status/site.h"
#include "tests/status/samples.h"

namespace {

using namespace lode;

constexpr const char* kToken = "correct-horse-battery";

void check(bool good) {
    if (!good) std::abort();
}

// A session whose texts are hostile too.
struct Miner {
    Snapshot snapshot = testing::sample_snapshot();
    status::Record record;

    Miner() {
        const std::string text = "\"}\n\xff<b>\x1b[2J";
        snapshot.devices[0].name = snapshot.job->id = snapshot.shares.reasons[0].text = text;
        snapshot.devices[0].error = Error{ErrorKind::Device, text, text, text};
        const auto job = testing::sample_job(1, true);
        record.happened(event::JobReceived{job, text}, testing::kNow);
        record.happened(event::BlockResult{testing::sample_solution(job, 3, true),
                                           {Outcome::Status::Rejected, text},
                                           std::chrono::milliseconds(5)},
                        testing::kNow);
        record.happened(event::Judgement{job, text, text}, testing::kNow);
        record.sample(snapshot);
    }
};

void check(const status::Request& request, const status::Response& response) {
    check(response.status >= 200 && response.status <= 503);
    check(response.events || !response.body.empty());
    for (const auto& [name, value] : response.headers)
        check(value.find_first_of("\r\n") == std::string::npos);
    if (response.type == "application/json") check(nlohmann::json::accept(response.body));
    const bool authorized = request.authorization.ends_with(kToken);
    check(response.status != 202 || (authorized && request.method == status::Method::Post));
    check(response.body.find(kToken) == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Miner miner;
    static const auto state = [] { return status::State{miner.snapshot, miner.record}; };
    static status::Site anywhere(status::Access({"", kToken, false}, false), state, {});
    static status::Site loopback(status::Access({"", kToken, false}, true), state, {});
    while (size > 0) {
        status::HttpParser parser;
        status::set_limits(parser);
        parser.eager(true);
        boost::system::error_code error;
        const std::size_t used = parser.put(boost::asio::buffer(data, size), error);
        if (error || !parser.is_done() || used == 0) return 0;
        data += used;
        size -= used;
        const auto request = status::request_of(parser.get());
        for (auto* site : {&anywhere, &loopback}) check(request, site->answer(request));
    }
    return 0;
}
