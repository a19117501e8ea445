// Block templates in the shapes that Bitcoin Knots and bcoin give on regtest, as an object and as text.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace lode::testing {

// Height 151, two transactions (their bytes are of the right size and mean nothing), the first with a
// witness.
inline nlohmann::json knots_template() {
    const std::string bytes100(200, '1'), bytes200(400, '2');
    return {
        {"capabilities", {"proposal"}},
        {"version", 536870912},
        {"rules", {"csv", "!segwit", "taproot"}},
        {"vbavailable", nlohmann::json::object()},
        {"vbrequired", 0},
        {"previousblockhash", "3d6a4d4b9a9c1bd0a3c0f9c2a9a5c1a6c2b5e4f3a2918070605040302010f0e0"},
        {"transactions",
         {{{"data", bytes200},
           {"txid", "1111111111111111111111111111111111111111111111111111111111111111"},
           {"hash", "2222222222222222222222222222222222222222222222222222222222222222"},
           {"depends", nlohmann::json::array()},
           {"fee", 200},
           {"sigops", 1},
           {"weight", 444}},
          {{"data", bytes100},
           {"txid", "3333333333333333333333333333333333333333333333333333333333333333"},
           {"hash", "3333333333333333333333333333333333333333333333333333333333333333"},
           {"depends", {1}},
           {"fee", 100},
           {"sigops", 4},
           {"weight", 400}}}},
        {"coinbaseaux", nlohmann::json::object()},
        {"coinbasevalue", 2500000300},
        {"longpollid", "3d6a4d4b9a9c1bd0a3c0f9c2a9a5c1a6c2b5e4f3a2918070605040302010f0e07"},
        {"target", "7fffff0000000000000000000000000000000000000000000000000000000000"},
        {"mintime", 1795201650},
        {"mutable", {"time", "transactions", "prevblock"}},
        {"noncerange", "00000000ffffffff"},
        {"sigoplimit", 80000},
        {"sizelimit", 4000000},
        {"weightlimit", 4000000},
        {"curtime", 1795201700},
        {"bits", "207fffff"},
        {"height", 151},
        {"default_witness_commitment",
         "6a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9"},
    };
}

// Height 3: segwit is not active, a commitment is there all the same.
inline nlohmann::json bcoin_template() {
    return {
        {"capabilities", {"proposal"}},
        {"mutable", {"time", "transactions", "prevblock"}},
        {"version", 536870912},
        {"rules", nlohmann::json::array()},
        {"vbavailable", nlohmann::json::object()},
        {"vbrequired", 0},
        {"height", 3},
        {"previousblockhash", "6f2b3bbfcd123482860e63f3c140f255f8dc507fdb359e9eb40043b5bc848065"},
        {"target", "7fffff0000000000000000000000000000000000000000000000000000000000"},
        {"bits", "207fffff"},
        {"noncerange", "00000000ffffffff"},
        {"curtime", 1795201605},
        {"mintime", 1795201604},
        {"maxtime", 1795208805},
        {"expires", 1795208805},
        {"sigoplimit", 20000},
        {"sizelimit", 1000000},
        {"longpollid", "6f2b3bbfcd123482860e63f3c140f255f8dc507fdb359e9eb40043b5bc84806500000000"},
        {"submitold", false},
        {"coinbaseaux", {{"flags", "6d696e65642062792062636f696e"}}},
        {"coinbasevalue", 5000000000},
        {"default_witness_commitment",
         "6a24aa21a9ede2f61c3f71d1defd3fa999dfa36953755c690689799962b48bebd836974e8cf9"},
        {"transactions", nlohmann::json::array()},
    };
}

}  // namespace lode::testing
