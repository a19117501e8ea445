// Reads the PTX from nvcc's "fat binary" in a program, which contains machine code and PTX.
#pragma once

#include <string>

namespace lode::ptx {

// wrapper: the argument of __cudaRegisterFatBinary() in nvcc's object files. Returns the PTX for the oldest
// chips, which every newer one can run too. Throws Failure: no PTX, or compressed PTX (see nvcc's
// --no-compress).
std::string ptx_in(const void* wrapper);

}  // namespace lode::ptx
