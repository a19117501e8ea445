// Interprets nvcc's PTX of the scan kernels on the CPU, one thread after the other. Supports only the
// instructions that these use. Source: NVIDIA's "PTX ISA".
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace lode::ptx {

// A parse error or invalid operation, such as an access outside the given memory.
struct Failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

enum class Op : std::uint8_t {
    Add32,
    And32,
    Or32,
    Xor32,
    ShiftLeft32,
    ShiftRight32,
    MultiplyHigh,
    MultiplyAdd,
    Permute,
    FunnelLeft,
    Add64,
    ShiftLeft64,
    MultiplyWide,
    Move,
    Load32,
    Load64,
    StorePair,
    AtomicAdd,
    Equal,
    Less,
    Greater,
    Branch,
    Return
};

// Operands are register numbers, all 64-bit; a constant is a register that is never written.
struct Instruction {
    Op op = Op::Return;
    bool unless = false;      // runs if the guard is false, instead of true
    std::uint32_t guard = 0;  // kAlways: no guard
    std::uint32_t d = 0, a = 0, b = 0, c = 0;
    std::int64_t offset = 0;  // bytes from the address in a; of a branch, its target
};

struct Kernel {
    struct Parameter {
        std::size_t at = 0, size = 0;  // bytes
    };
    std::vector<Instruction> code;
    std::vector<Parameter> parameters;
    std::uint32_t block = 0;               // threads, from .maxntid
    std::vector<std::uint64_t> registers;  // initial values for a thread
    // Registers with addresses of parameter bytes.
    std::vector<std::pair<std::uint32_t, std::size_t>> parameter_addresses;
};

// Special registers, the same in every kernel.
enum Special : std::uint32_t { kAlways, kThread, kBlock, kSpecials };

using Bytes = std::vector<std::byte>;

struct Module {
    std::map<std::string, Kernel> kernels;  // by their mangled names
    std::map<std::string, Bytes> variables;
};

Module parse(const std::string& text);  // throws Failure

// Runs every thread of every block. arguments: a pointer to each, as for cudaLaunchKernel. memory: what the
// kernel may access besides the module's variables and its parameters. Throws Failure.
void launch(const Module& module, const Kernel& kernel, std::uint32_t blocks, std::uint32_t threads,
            void** arguments, std::span<const std::span<std::byte>> memory);

}  // namespace lode::ptx
