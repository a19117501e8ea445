#include "backend/opencl_support.h"

#include <algorithm>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

namespace lode::backend::opencl {

namespace fs = std::filesystem;

ScratchDirectory::ScratchDirectory() {
    std::string name = (fs::temp_directory_path() / "lode_opencl_XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = name;
}

ScratchDirectory::~ScratchDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

TestOpening::TestOpening(const fs::path& cache) {
    id = "opencl:0.0";
    tuning = std::chrono::milliseconds(0);
    options.progress = [this](const std::string& line) { lines.push_back(line); };
    store = std::make_shared<Store>(cache, options.progress);
    std::vector<cl::Platform> platforms;
    cl::Platform::get(&platforms);
    for (const auto& platform : platforms) {
        std::vector<cl::Device> devices;
        platform.getDevices(CL_DEVICE_TYPE_ALL, &devices);
        for (const auto& each : devices) {
            if (found) continue;
            device = each;
            facts = read_facts(platform, each);
            found = facts.unusable.empty();
        }
    }
}

bool TestOpening::said(const std::string& text) const {
    return std::ranges::any_of(lines, [&](const auto& line) { return line.find(text) != std::string::npos; });
}

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
    const auto at = text.find(what);
    if (at == std::string_view::npos) throw std::invalid_argument("not there: " + std::string(what));
    return std::string(text.substr(0, at)) + std::string(with) + std::string(text.substr(at + what.size()));
}

}  // namespace lode::backend::opencl
