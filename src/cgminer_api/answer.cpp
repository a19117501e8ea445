#include "cgminer_api/answer.h"

#include <string_view>

#include <fmt/format.h>

#include "lode/version.h"
#include "util/hex.h"

namespace lode::cgminer_api {
namespace {

using Json = nlohmann::ordered_json;

const char* closing_status(Action action) {
    return action == Action::Quit ? "BYE" : "RESTART";
}

Json status_of(const Answer& answer, std::time_t now) {
    return {{"STATUS", std::string(1, static_cast<char>(answer.severity))},
            {"When", static_cast<std::int64_t>(now)},
            {"Code", answer.code},
            {"Msg", util::printable(answer.message)},
            {"Description", fmt::format("lode {}", kVersion)}};
}

Json json_of(const Answer& answer, std::time_t now) {
    Json object;
    if (answer.action != Action::None) {
        object["STATUS"] = closing_status(answer.action);
    } else {
        object["STATUS"] = Json::array({status_of(answer, now)});
        if (answer.section) object[answer.section->name] = answer.section->records;
    }
    object["id"] = 1;
    return object;
}

// ASCII only, whatever the names in it are.
std::string dump(const Json& object) {
    return object.dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '|' || c == ',' || c == '=' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

std::string text_of(const Json& record) {
    std::string text;
    for (const auto& [name, value] : record.items()) {
        if (!text.empty()) text += ',';
        text += name + '=' + escaped(value.is_string() ? value.get<std::string>() : value.dump());
    }
    return text + '|';
}

std::string text_of(const Answer& answer, std::time_t now) {
    if (answer.action != Action::None) return closing_status(answer.action);
    std::string text = text_of(status_of(answer, now));
    if (!answer.section) return text;
    for (const auto& record : answer.section->records)
        text += (answer.section->list ? "" : answer.section->name + ',') + text_of(record);
    return text;
}

}  // namespace

std::string encode(Request::Form form, const Answer& answer, std::time_t now) {
    std::string text = form == Request::Form::Json ? dump(json_of(answer, now)) : text_of(answer, now);
    text += '\0';
    return text;
}

std::string encode_joined(Request::Form form, const std::vector<NamedAnswer>& answers, std::time_t now) {
    std::string text;
    if (form == Request::Form::Json) {
        Json object;
        for (const auto& [command, answer] : answers)
            object[util::printable(command)] = Json::array({json_of(answer, now)});
        object["id"] = 1;
        text = dump(object);
    } else {
        for (const auto& [command, answer] : answers)
            text += "CMD=" + escaped(util::printable(command)) + '|' + text_of(answer, now);
    }
    text += '\0';
    return text;
}

}  // namespace lode::cgminer_api
