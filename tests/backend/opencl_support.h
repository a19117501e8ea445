// Shared by the OpenCL tests: a temporary directory, and the devices of this machine.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "backend/opencl/open.h"

namespace lode::backend::opencl {

class ScratchDirectory {
 public:
    ScratchDirectory();
    ~ScratchDirectory();
    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
    std::filesystem::path path_;
};

// An Opening that records progress lines, and tests only the first guess when tuning.
struct TestOpening : Opening {
    explicit TestOpening(const std::filesystem::path& cache);
    TestOpening(const TestOpening&) = delete;
    TestOpening& operator=(const TestOpening&) = delete;

    bool found = false;  // otherwise this machine has no usable OpenCL device
    std::vector<std::string> lines;
    [[nodiscard]] bool said(const std::string& text) const;
};

std::string replaced(std::string_view text, std::string_view what, std::string_view with);

}  // namespace lode::backend::opencl
