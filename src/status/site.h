// Routes requests to answers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "lode/result.h"
#include "status/access.h"
#include "status/request.h"
#include "status/state.h"

namespace lode::status {

// What a client may change. Each returns at once; the change is made on the io thread.
struct Actions {
    std::function<void()> pause, resume, stop;
    // These are checked on the server's thread first: an error changes nothing.
    std::function<Result<void>()> reload;
    std::function<Result<void>(std::optional<std::size_t>)> switch_source;  // by number; absent: the next
};

// Not thread-safe. Never blocks.
class Site {
 public:
    using GetState = std::function<State()>;
    Site(Access access, GetState state, Actions actions);

    [[nodiscard]] Response answer(const Request& request);

 private:
    using Show = Response (*)(const State&, const Request&);
    // The same question about the same state is answered once, however many ask.
    [[nodiscard]] Response show(const Request& request, Show make);
    [[nodiscard]] Response open_to_all(const Request& request, const std::function<Response()>& show) const;
    [[nodiscard]] Response act(const Request& request, const std::function<void()>& action) const;
    [[nodiscard]] Response change(const Request& request, const std::function<Result<void>()>& action) const;
    [[nodiscard]] Response switch_source(const Request& request) const;

    Access access_;
    GetState state_;
    Actions actions_;
    std::map<std::string, Response> recent_;  // of the revision, by question
    std::uint64_t revision_ = 0;
};

}  // namespace lode::status
