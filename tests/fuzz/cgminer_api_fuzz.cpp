// A hostile client of the cgminer API: the input is a request. The answer is always one that clients can
// read.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <nlohmann/json.hpp>

#include "cgminer_api/commands.h"

using namespace lode::cgminer_api;

namespace {

void check(bool good) {
    if (!good) std::abort();
}

View miner() {
    View view;
    view.accounts.pools.resize(2);
    view.accounts.pools[0].pool = {"stratum+tcp://pool.example:3333", "bob", {}, 0};
    view.accounts.pools[1].pool = {"local", {}, {}, 1};
    view.snapshot.devices.resize(2);
    return view;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const View view = miner();
    const std::string_view bytes(reinterpret_cast<const char*>(data),
                                 size < kMaxRequest ? size : kMaxRequest);
    (void)is_complete(bytes);
    const Request request = parse_request(bytes);
    for (const bool owner : {false, true}) {
        const Reply reply = answer(request, view, Rights{.reads = true, .writes = owner});
        check(owner || reply.action == Action::None);
        check(reply.bytes.find('\0') == reply.bytes.size() - 1);
        const std::string_view text(reply.bytes.data(), reply.bytes.size() - 1);
        check(text.find('\x1b') == std::string_view::npos);
        if (request.form == Request::Form::Json) check(nlohmann::json::accept(text));
    }
    return 0;
}
