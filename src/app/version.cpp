#include "app/version.h"

#include <string_view>

#include <fmt/format.h>

#include "app/build_facts.h"
#include "app/commit.h"
#include "lode/version.h"

namespace lode::app {

std::string version_text() {
    constexpr std::string_view kCommit = LODE_COMMIT;
    const std::string commit = kCommit.empty() ? "" : fmt::format(" (commit {})", kCommit);
    return fmt::format(
        "lode {}{}\n"
        "built      {} by {}\n"
        "cpu        {}\n"
        "cuda       {}\n"
        "opencl     {}\n"
        "libraries  {}",
        kVersion, commit, kBuildType, kCompilers, kCpuKernels, kCudaKernels, kOpenclKernels, kLibraries);
}

}  // namespace lode::app
