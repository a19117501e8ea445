// A fake OpenCL driver with one GPU, on the CPU, with selectable faults: the functions that the backend
// calls. A test program that links it runs the whole backend on it: the linker finds these functions first
// and none of those that forward calls to the ICD loader.
#pragma once

#include <cstdint>
#include <string>

#include "backend/opencl/cl.h"

namespace lode::fake_opencl {

enum class Fault {
    None,
    DropsHits,
    InventsHits,        // reports a false hit
    ManglesHits,        // nonces and variants outside the scan, and an absurd number of them
    ReturnsOldResults,  // reads report completion without copying
    Hangs,              // commands never end
    Lost,               // every command fails from now on
    Resets,             // the commands in progress fail; those of a new context work
    OutOfMemory,        // buffers cannot be allocated
    DoesNotCompile,
};

struct Driver {
    Fault fault = Fault::None;
    std::uint64_t launches = 0;
    int alive = 0;  // objects not yet released
    std::string build_log = "line 1: no\x1b[31m";
};

// The one driver; a test starts with driver() = {}.
Driver& driver();

}  // namespace lode::fake_opencl
