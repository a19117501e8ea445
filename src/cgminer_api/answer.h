// An answer of the cgminer API as a value, and its two forms on the wire.
#pragma once

#include <cstddef>
#include <ctime>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "cgminer_api/request.h"

namespace lode::cgminer_api {

enum class Severity : char { Success = 'S', Info = 'I', Warning = 'W', Error = 'E' };

// Field names and values in the order in which they are shown; a value is a string, number or boolean.
using Record = nlohmann::ordered_json;

struct Section {
    std::string name;
    std::vector<Record> records;
    // Records of a list begin with their number ("PGA": 0), and the text form does not name the section.
    bool list = false;
};

enum class Action { None, Quit, Restart };

struct Answer {
    Severity severity = Severity::Success;
    int code = 0;
    std::string message{};
    std::optional<Section> section{};
    Action action = Action::None;  // performed once the answer is sent, which then is BYE or RESTART only
    std::optional<std::size_t> switch_to{};  // a pool's index; also once it is sent
};

using NamedAnswer = std::pair<std::string, Answer>;  // a command, and what came of it

// The answer of a request that is not joined.
std::string encode(Request::Form form, const Answer& answer, std::time_t now);
// "a+b": a part for each.
std::string encode_joined(Request::Form form, const std::vector<NamedAnswer>& answers, std::time_t now);

}  // namespace lode::cgminer_api
