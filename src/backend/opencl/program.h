// The kernel compiled for a device: from what an earlier run stored, or from its source.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "backend/opencl/config.h"
#include "backend/opencl/store.h"

namespace lode::backend::opencl {

struct ProgramKey {
    std::string place;  // platform, device and options: one entry in the store
    std::string key;    // the same with source and driver versions
};
ProgramKey program_key(const Facts& facts, std::string_view source, const Config& config);

// Nothing stored, or the driver does not take it: an error without interest.
std::variant<cl::Program, Error> load_program(const cl::Context& context, const cl::Device& device,
                                              const Config& config, const ProgramKey& key, Store& store);
// The error carries the driver's build log.
std::variant<cl::Program, Error> compile_program(const cl::Context& context, const cl::Device& device,
                                                 const Config& config, std::string_view source);
// After a run, when drivers that finish compiling at the first launch have done so.
void store_program(const cl::Program& program, const ProgramKey& key, Store& store);

}  // namespace lode::backend::opencl
