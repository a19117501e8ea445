// Instruction counts of the scan kernels, read from a cubin without a disassembler.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernels/cuda/shape.h"

namespace lode::bench {

// Instructions by the pipe that executes them (sm_75 to sm_90).
struct Counts {
    unsigned total = 0;
    unsigned alu = 0;     // SHF, LOP3, IADD3, PRMT, ISETP, VIADD …
    unsigned imad = 0;    // IMAD: the low half, full rate on the FMA pipe
    unsigned wide = 0;    // IMAD.HI and IMAD.WIDE: half rate, by published measurements
    unsigned three = 0;   // of imad: those that read three general registers, which is below full rate
    unsigned memory = 0;  // to and from local memory: 0 unless registers spill
};

struct KernelCode {
    unsigned variants = 0;
    kernels::cuda::Shape shape;
    Counts outside, inside;           // of the loop over variants or nonces; no loop: all is outside
    unsigned registers = 0;           // from ptxas, as are these
    unsigned stack = 0, spilled = 0;  // bytes

    // Per hash, if the loop runs as often as the shape says. Includes what only a hit executes: about ten
    // instructions per variant.
    [[nodiscard]] double per_hash(unsigned Counts::*kind) const;
};

// cubin: nvcc -cubin of kernels/cuda/scan.cu; log: the output of -Xptxas -v, may be empty.
std::vector<KernelCode> read_machine_code(const std::string& cubin, const std::string& log,
                                          std::string& error);

// The kernel of a mangled section or function name.
std::optional<KernelCode> parse_name(const std::string& mangled);

}  // namespace lode::bench
