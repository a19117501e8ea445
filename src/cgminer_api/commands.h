// The commands of the cgminer API. Pure: no sockets, no engine.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cgminer_api/access.h"
#include "cgminer_api/answer.h"
#include "cgminer_api/view.h"

namespace lode::cgminer_api {

struct Question {
    const View& view;
    const Rights& rights;
    std::string parameter;  // empty: none
};

struct Command {
    const char* name;
    bool privileged;  // changes something
    bool joinable;    // by '+': a report that needs no parameter
    Answer (*answer)(const Question& question);
};

// Null: there is none of that name.
const Command* find_command(std::string_view name);

struct Reply {
    std::string bytes;  // with the NUL at its end
    Action action = Action::None;
    std::optional<std::size_t> switch_to{};  // a pool's index
};

// Whatever the request is.
Reply answer(const Request& request, const View& view, const Rights& rights);

}  // namespace lode::cgminer_api
