#include "cgminer_api/request.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace lode::cgminer_api {
namespace {

constexpr std::string_view kBlanks(" \t\r\n\0", 5), kEnds("\r\n\0", 3);

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool is_json(std::string_view text) {
    return text.starts_with('{');
}

// "summary+devs": blank parts are ignored, repeated ones are answered once.
void split_commands(std::string_view text, Request& request) {
    request.joined = text.find('+') != std::string_view::npos;
    if (!request.joined) {
        request.commands.emplace_back(text);
        return;
    }
    while (!text.empty()) {
        const auto end = std::min(text.find('+'), text.size());
        const std::string command(trimmed(text.substr(0, end)));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (command.empty() || std::ranges::find(request.commands, command) != request.commands.end())
            continue;
        if (request.commands.size() == kMaxJoinedCommands) {
            request.fault = Request::Fault::TooManyCommands;
            return;
        }
        request.commands.push_back(command);
    }
    if (request.commands.empty()) request.fault = Request::Fault::NoCommand;
}

Request parse_json(std::string_view text) {
    Request request;
    request.form = Request::Form::Json;
    const auto object = nlohmann::json::parse(text, nullptr, false);
    if (!object.is_object()) {
        request.fault = Request::Fault::InvalidJson;
        return request;
    }
    const auto command = object.find("command");
    if (command == object.end() || !command->is_string()) {
        request.fault = Request::Fault::NoCommand;
        return request;
    }
    split_commands(command->get_ref<const std::string&>(), request);
    const auto parameter = object.find("parameter");
    if (parameter == object.end()) return request;
    if (parameter->is_string())
        request.parameter = parameter->get<std::string>();
    else if (parameter->is_number() || parameter->is_boolean())
        request.parameter = parameter->dump();
    return request;
}

}  // namespace

Request parse_request(std::string_view bytes) {
    std::string_view text = trimmed(bytes);
    if (is_json(text)) return parse_json(text);
    text = trimmed(text.substr(0, text.find_first_of(kEnds)));
    Request request;
    const auto bar = std::min(text.find('|'), text.size());
    split_commands(text.substr(0, bar), request);
    if (bar < text.size()) request.parameter = text.substr(bar + 1);
    return request;
}

bool is_complete(std::string_view bytes) {
    if (bytes.size() >= kMaxRequest) return true;
    const std::string_view text = trimmed(bytes);
    if (is_json(text)) return text.ends_with('}') && nlohmann::json::accept(text);
    return !text.empty() && bytes.find_first_of(kEnds, bytes.find(text.front())) != std::string_view::npos;
}

}  // namespace lode::cgminer_api
