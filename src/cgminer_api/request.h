// What a client of the cgminer API asks for.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lode::cgminer_api {

inline constexpr std::size_t kMaxRequest = 4095;       // bytes, as in cgminer
inline constexpr std::size_t kMaxJoinedCommands = 64;  // of one request

struct Request {
    enum class Form { Text, Json } form = Form::Text;  // of the answer too
    enum class Fault { None, InvalidJson, NoCommand, TooManyCommands } fault = Fault::None;
    std::vector<std::string> commands;  // one; or as many as were joined, each once
    bool joined = false;                // "a+b": the answer has a part for each, even for one
    std::string parameter;              // empty: none
};

// Never fails: errors are faults, which the answer reports.
Request parse_request(std::string_view bytes);

// Whether the request is complete: a text request ends with a newline or NUL, a JSON request where its object
// does.
bool is_complete(std::string_view bytes);

}  // namespace lode::cgminer_api
