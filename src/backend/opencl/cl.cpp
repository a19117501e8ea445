#include "backend/opencl/cl.h"

#include <array>
#include <utility>

namespace lode::backend::opencl {
namespace {

using Named = std::pair<cl_int, const char*>;
#define NAMED(status)   \
    Named {             \
        status, #status \
    }
// Status codes that calls in this directory can return; others are shown as numbers.
constexpr std::array kNames = {
    NAMED(CL_DEVICE_NOT_FOUND),
    NAMED(CL_DEVICE_NOT_AVAILABLE),
    NAMED(CL_COMPILER_NOT_AVAILABLE),
    NAMED(CL_MEM_OBJECT_ALLOCATION_FAILURE),
    NAMED(CL_OUT_OF_RESOURCES),
    NAMED(CL_OUT_OF_HOST_MEMORY),
    NAMED(CL_BUILD_PROGRAM_FAILURE),
    NAMED(CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST),
    NAMED(CL_INVALID_VALUE),
    NAMED(CL_INVALID_PLATFORM),
    NAMED(CL_INVALID_DEVICE),
    NAMED(CL_INVALID_CONTEXT),
    NAMED(CL_INVALID_COMMAND_QUEUE),
    NAMED(CL_INVALID_BINARY),
    NAMED(CL_INVALID_BUILD_OPTIONS),
    NAMED(CL_INVALID_PROGRAM),
    NAMED(CL_INVALID_PROGRAM_EXECUTABLE),
    NAMED(CL_INVALID_KERNEL_NAME),
    NAMED(CL_INVALID_KERNEL_ARGS),
    NAMED(CL_INVALID_WORK_GROUP_SIZE),
    NAMED(CL_INVALID_WORK_ITEM_SIZE),
    NAMED(CL_INVALID_EVENT),
    NAMED(CL_INVALID_OPERATION),
    Named{-1001, "CL_PLATFORM_NOT_FOUND_KHR"},  // cl_khr_icd
};
#undef NAMED

}  // namespace

std::string status_name(cl_int status) {
    for (const auto& [value, name] : kNames)
        if (value == status) return std::string(name) + " (" + std::to_string(status) + ")";
    return "OpenCL error " + std::to_string(status);
}

tl::unexpected<Error> call_failed(cl_int status, std::string_view call) {
    return fail(ErrorKind::Device, std::string(call) + " answered " + status_name(status));
}

std::string plain(std::string_view text, std::size_t most) {
    std::string result;
    for (const char c : text) {
        const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\0';
        if (blank && (result.empty() || result.back() == ' ')) continue;
        if (result.size() == most) break;
        result += blank ? ' ' : c > ' ' && c < 0x7f ? c : '?';
    }
    while (!result.empty() && result.back() == ' ') result.pop_back();
    return result;
}

}  // namespace lode::backend::opencl
