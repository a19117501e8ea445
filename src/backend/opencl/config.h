// How the kernel is compiled and launched on a device, and the alternatives that tuning compares. Pure
// functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend/opencl/facts.h"

namespace lode::backend::opencl {

// How the kernel expresses its word operations: compilers differ in what becomes a single instruction, chips
// in what their units execute in parallel. See words.cl.
enum class Arithmetic {
    Rotate,          // rotate() and plain logic
    RotateSelect,    // and bitselect()
    Add3,            // sums of three words, for RDNA and Intel's Arc
    XorAdd,          // and an xor with a sum as one instruction, for GCN and CDNA
    Multiply,        // rotate(), sums as multiplications
    MultiplyShift,   // and shifts too
    MultiplyRotate,  // and two rotations
};

struct Config {
    Arithmetic arithmetic = Arithmetic::RotateSelect;
    unsigned vector = 1;       // nonces per work-item, hashed as one OpenCL vector: 1, 2, 4, 8 or 16
    unsigned work_group = 64;  // work-items
    friend bool operator==(const Config&, const Config&) = default;
};

std::string build_options(const Config& config);
std::string describe(const Config& config);  // "uint16-rotate-64": vector, arithmetic, work-group

// The starting point of tuning: a good guess for this kind of device.
Config first_guess(const Facts& facts);
// Variations of `best` with one of its three parts changed.
enum class Part { Vector, Arithmetic, WorkGroup };
std::vector<Config> alternatives(const Config& best, Part part, const Facts& facts);

// The cached result of tuning.
struct Tuned {
    Config config;
    unsigned variants = 1;  // midstates a scan at which it is fastest
    double rate = 0;        // hashes per second then
    friend bool operator==(const Tuned&, const Tuned&) = default;
};
std::string to_text(const Tuned& tuned);
// nullopt if the text is not the output of to_text(), or not possible on this device.
std::optional<Tuned> parse_tuned(std::string_view text, const Facts& facts);

}  // namespace lode::backend::opencl
