#include "backend/opencl/config.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

#include "lode/scan.h"

namespace lode::backend::opencl {
namespace {

using enum Arithmetic;

struct Spelling {
    Arithmetic arithmetic;
    const char* name;
    const char* options;
};
constexpr std::array kSpellings = {
    Spelling{Rotate, "rotate", ""},
    Spelling{RotateSelect, "bitselect", " -DLODE_USE_BITSELECT"},
    Spelling{Add3, "add3", " -DLODE_USE_ADD3=1"},
    Spelling{XorAdd, "xoradd", " -DLODE_USE_ADD3=2"},
    Spelling{Multiply, "multiply", " -DLODE_USE_MULTIPLY=1"},
    Spelling{MultiplyShift, "multiplyshift", " -DLODE_USE_MULTIPLY=2"},
    Spelling{MultiplyRotate, "multiplyrotate", " -DLODE_USE_MULTIPLY=3"},
};
constexpr std::array kVectors = {1u, 2u, 4u, 8u, 16u};
constexpr std::array kWorkGroups = {16u, 64u, 128u, 256u};

template <typename Table, typename Value>
bool contains(const Table& table, const Value& value) {
    return std::ranges::find(table, value) != std::end(table);
}

bool suits(Arithmetic arithmetic, const Facts& facts) {
    switch (arithmetic) {
        case Rotate:
            return true;
        case RotateSelect:
            return !facts.idle_multipliers;  // NVIDIA's three-input logic needs no hint
        case Add3:
            return facts.is_gpu && !facts.idle_multipliers;
        case XorAdd:
            return facts.amd_compiler;
        case Multiply:
        case MultiplyShift:
        case MultiplyRotate:
            return facts.idle_multipliers;
    }
    return false;
}

bool possible(const Config& config, const Facts& facts) {
    return suits(config.arithmetic, facts) && contains(kVectors, config.vector) &&
           contains(kWorkGroups, config.work_group) && config.work_group <= facts.max_work_group &&
           (config.vector == 1 || (config.arithmetic != Add3 && config.arithmetic != XorAdd));
}

const Spelling& spelling(const Config& config) {
    return kSpellings.at(static_cast<std::size_t>(config.arithmetic));
}

unsigned power_of_two_below(unsigned limit) {
    unsigned value = 1;
    while (value * 2 <= limit) value *= 2;
    return value;
}

}  // namespace

std::string build_options(const Config& config) {
    return "-cl-std=CL1.2 -DLODE_VECTOR=" + std::to_string(config.vector) +
           " -DLODE_WORK_GROUP=" + std::to_string(config.work_group) + spelling(config).options;
}

std::string describe(const Config& config) {
    return "uint" + (config.vector == 1 ? std::string() : std::to_string(config.vector)) + '-' +
           spelling(config).name + '-' + std::to_string(config.work_group);
}

Config first_guess(const Facts& facts) {
    Config config;
    if (facts.is_cpu) {
        // A CPU's compiler maps an OpenCL vector to SIMD registers; it may not vectorize loops over
        // work-items.
        config = {Rotate, power_of_two_below(facts.vector_width), 16};
    } else {
        config = {facts.amd_compiler ? RotateSelect : Rotate, 1, 256};
        if (facts.idle_multipliers) config = {MultiplyShift, 1, 128};
    }
    while (config.work_group > facts.max_work_group && config.work_group > kWorkGroups.front())
        config.work_group = *std::prev(std::ranges::find(kWorkGroups, config.work_group));
    return config;
}

std::vector<Config> alternatives(const Config& best, Part part, const Facts& facts) {
    std::vector<Config> result;
    const auto add = [&](Config config) {
        if (config != best && possible(config, facts)) result.push_back(config);
    };
    switch (part) {
        case Part::Vector:
            // A vector wider than the native one hides latency, a narrower one needs fewer registers.
            for (const unsigned vector : {best.vector / 2, best.vector * 2})
                if (facts.is_cpu || vector <= 2) add({best.arithmetic, vector, best.work_group});
            break;
        case Part::Arithmetic:
            for (const auto& each : kSpellings) add({each.arithmetic, best.vector, best.work_group});
            break;
        case Part::WorkGroup:
            for (const unsigned size : {64u, 128u, 256u})
                if (!facts.is_cpu || size == 64) add({best.arithmetic, best.vector, size});
            break;
    }
    return result;
}

std::string to_text(const Tuned& tuned) {
    std::ostringstream text;
    text << "arithmetic " << static_cast<int>(tuned.config.arithmetic) << " vector " << tuned.config.vector
         << " work_group " << tuned.config.work_group << " variants " << tuned.variants << " rate "
         << std::llround(tuned.rate) << '\n';
    return text.str();
}

std::optional<Tuned> parse_tuned(std::string_view text, const Facts& facts) {
    std::istringstream stream{std::string(text)};
    std::array<std::string, 5> words;
    int arithmetic = 0;
    Tuned tuned;
    stream >> words[0] >> arithmetic >> words[1] >> tuned.config.vector >> words[2] >>
        tuned.config.work_group >> words[3] >> tuned.variants >> words[4] >> tuned.rate;
    const std::array<std::string, 5> expected = {"arithmetic", "vector", "work_group", "variants", "rate"};
    if (!stream || words != expected) return std::nullopt;
    tuned.config.arithmetic = static_cast<Arithmetic>(arithmetic);
    if (!possible(tuned.config, facts) || tuned.variants < 1 || tuned.variants > kMaxVariants ||
        !(tuned.rate >= 1 && tuned.rate < 1e15))
        return std::nullopt;
    return tuned;
}

}  // namespace lode::backend::opencl
