// PTX as the CPU can run it: what nvcc makes of the scan kernels, decoded. Only the instructions that they
// consist of are known; any other is an error. From NVIDIA's "PTX ISA".
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace lode::ptx {

enum class Op : std::uint8_t {
    Add,
    And,
    Or,
    Xor,
    Shl,
    Shr,
    MulHi,
    MadLo,
    Prmt,
    Funnel,  // 32 bits
    Move,
    Add64,
    Shl64,
    Move64,
    MulWide,
    Load,
    Load64,
    StorePair,
    AtomicAdd64,
    Compare,
    Compare64,
    Branch,
    Return,
};  // clang-format off: a row each for what belongs together
// clang-format on

enum class Relation : std::uint8_t { Eq, Ne, Lt, Le, Gt, Ge };

// Operands are registers: of 32 bits, 64 bits or predicates, as the operation says. A constant is a register
// that nothing writes.
struct Instruction {
    Op op;
    Relation relation = Relation::Eq;
    bool is_signed = false, negated = false;  // negated: runs where the guard is false
    std::uint16_t guard = 0;                  // predicate, 0 is always true
    std::uint32_t d = 0, a = 0, b = 0, c = 0;
    std::int64_t offset = 0;  // of an address, in bytes; of a branch, the instruction
};

struct Parameter {
    std::size_t at = 0, size = 0;  // bytes
};

// Where the special registers live among those of 32 bits.
enum Special : std::uint32_t { kThread, kBlock, kBlockSize, kSpecials };

struct Kernel {
    std::vector<Instruction> code;
    std::vector<Parameter> parameters;
    std::size_t parameter_bytes = 0;
    std::uint32_t block = 0;  // threads, from .maxntid
    std::uint32_t words = 0, longs = 0, predicates = 0;
    // Registers that hold constants, and addresses of parameters (relative to their first byte).
    std::map<std::uint32_t, std::uint32_t> word_constants;
    std::map<std::uint32_t, std::uint64_t> long_constants, parameter_addresses;
};

struct Module {
    std::map<std::string, Kernel> kernels;                          // by their mangled names
    std::map<std::string, std::shared_ptr<std::string>> variables;  // the bytes of each
};

// The module, or what is wrong and in which line.
std::variant<Module, std::string> parse(const std::string& text);

}  // namespace lode::ptx
