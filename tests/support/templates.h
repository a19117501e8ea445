// Block templates as sent by Bitcoin Knots and bcoin on regtest, as an object and as text.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace lode::testing {

// Height 151, two transactions of 200 and 100 bytes that spend nothing real, the first with a witness. Their
// ids: SHA-256d of the bytes with and without marker, flag and witness (BIP 144), by Python's hashlib.
inline nlohmann::json knots_template() {
    const std::string bytes200 =
        "02000000000101aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0000000000ffffffff"
        "01e803000000000000166a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a01720707070707070707070707070707"
        "070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707"
        "070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707"
        "0707070700000000";
    const std::string bytes100 =
        "0200000001bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb0000000012515151515151"
        "515151515151515151515151ffffffff01e803000000000000166a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a"
        "00000000";
    return {
        {"capabilities", {"proposal"}},
        {"version", 536870912},
        {"rules", {"csv", "!segwit", "taproot"}},
        {"vbavailable", nlohmann::json::object()},
        {"vbrequired", 0},
        {"previousblockhash", "3d6a4d4b9a9c1bd0a3c0f9c2a9a5c1a6c2b5e4f3a2918070605040302010f0e0"},
        {"transactions",
         {{{"data", bytes200},
           {"txid", "d400bc63ce76bf87f2ffd06b2737e8977b570683e0e2cba362a02a829191211d"},
           {"hash", "08a6bf4e95a30d9c4e8c210b9d333a176447daad78b7735ffb6228c427a22415"},
           {"depends", nlohmann::json::array()},
           {"fee", 200},
           {"sigops", 1},
           {"weight", 444}},
          {{"data", bytes100},
           {"txid", "b37fcb6e976a54b718aba15dd971d07d579df022f2930b9c3d840270fc3efa88"},
           {"hash", "b37fcb6e976a54b718aba15dd971d07d579df022f2930b9c3d840270fc3efa88"},
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

// Height 3: segwit is not active, but there is a commitment.
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
