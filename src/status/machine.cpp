#include "status/machine.h"

#include <array>
#include <cstdint>
#include <unistd.h>

#include <fmt/format.h>

namespace lode::status {

std::string machine_name() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

// FNV-1a (draft-eastlake-fnv), the low 48 bits.
std::string machine_id() {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : machine_name()) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return fmt::format("{:012x}", hash & 0xffffffffffff);
}

}  // namespace lode::status
