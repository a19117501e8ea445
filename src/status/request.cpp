#include "status/request.h"

#include <nlohmann/json.hpp>

#include "util/hex.h"

namespace lode::status {

Response error_response(unsigned status, const std::string& text) {
    Response response;
    response.status = status;
    response.body = nlohmann::json{{"error", util::printable(text)}}.dump() + "\n";
    return response;
}

}  // namespace lode::status
