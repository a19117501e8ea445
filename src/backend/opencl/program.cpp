#include "backend/opencl/program.h"

#include <vector>

namespace lode::backend::opencl {
namespace {

std::string build_log(const cl::Program& program, const cl::Device& device) {
    std::string log;
    if (program.getBuildInfo(device, CL_PROGRAM_BUILD_LOG, &log) != CL_SUCCESS) return "";
    return plain(log, 1500);
}

}  // namespace

ProgramKey program_key(const Facts& facts, std::string_view source, const Config& config) {
    ProgramKey result;
    result.place = "program\n" + facts.platform + '\n' + facts.name + '\n' + build_options(config);
    result.key = result.place + '\n' + facts.versions + '\n' + std::string(source);
    return result;
}

Result<cl::Program> load_program(const cl::Context& context, const cl::Device& device, const Config& config,
                                 const ProgramKey& key, Store& store) {
    const auto stored = store.load(key.place, key.key);
    if (!stored) return fail(ErrorKind::Storage, "no stored program");
    std::vector<cl_int> taken;
    cl_int status = CL_SUCCESS;
    cl::Program program(context, {device}, {*stored}, &taken, &status);
    if (status != CL_SUCCESS) return call_failed(status, "clCreateProgramWithBinary");
    status = program.build({device}, build_options(config).c_str());
    if (status != CL_SUCCESS) return call_failed(status, "clBuildProgram");
    return program;
}

Result<cl::Program> compile_program(const cl::Context& context, const cl::Device& device,
                                    const Config& config, std::string_view source) {
    cl_int status = CL_SUCCESS;
    cl::Program program(context, std::string(source), false, &status);
    if (status != CL_SUCCESS) return call_failed(status, "clCreateProgramWithSource");
    status = program.build({device}, build_options(config).c_str());
    if (status == CL_SUCCESS) return program;
    return fail(ErrorKind::Device, "the driver does not compile the kernel (" + describe(config) +
                                       "): " + call_failed(status, "clBuildProgram").value().what +
                                       "; its log: " + build_log(program, device));
}

void store_program(const cl::Program& program, const ProgramKey& key, Store& store) {
    cl_int status = CL_SUCCESS;
    const auto binaries = program.getInfo<CL_PROGRAM_BINARIES>(&status);
    if (status == CL_SUCCESS && binaries.size() == 1 && !binaries[0].empty())
        store.save(key.place, key.key, binaries[0]);
}

}  // namespace lode::backend::opencl
