// The kernel compiled for a device: from a binary stored by an earlier run, or from source.
#pragma once

#include <string>
#include <string_view>

#include "backend/opencl/config.h"
#include "backend/opencl/store.h"

namespace lode::backend::opencl {

struct ProgramKey {
    std::string place;  // platform, device and options: names the entry in the store
    std::string key;    // the same with source and driver versions
};
ProgramKey program_key(const Facts& facts, std::string_view source, const Config& config);

// Error: nothing is stored, or the driver rejects it; not to be reported.
Result<cl::Program> load_program(const cl::Context& context, const cl::Device& device, const Config& config,
                                 const ProgramKey& key, Store& store);
// The error carries the driver's build log.
Result<cl::Program> compile_program(const cl::Context& context, const cl::Device& device,
                                    const Config& config, std::string_view source);
// To be called after a run, since some drivers finish compiling at the first launch.
void store_program(const cl::Program& program, const ProgramKey& key, Store& store);

}  // namespace lode::backend::opencl
