// With or without a driver: the list of devices or the reason for none, and scans that violate the contract
// are refused.
#include <algorithm>

#include <gtest/gtest.h>

#include "backend/cuda/cuda_backend.h"
#include "backend/cuda/tune.h"

namespace lode::backend::cuda {
namespace {

TEST(CudaList, HasDevicesOrAReason) {
    const auto entries = list({});
    ASSERT_FALSE(entries.empty());
    for (const DeviceEntry& entry : entries) {
        EXPECT_EQ(entry.backend, "cuda");
        EXPECT_FALSE(entry.reason.empty());
        if (entry.status == DeviceStatus::Ok) {
            EXPECT_EQ(entry.id.rfind("cuda:", 0), 0u);
            EXPECT_FALSE(entry.name.empty());
            EXPECT_EQ(entry.physical.size(), std::string("0000:3b:00.0").size());
            EXPECT_TRUE(entry.open);
        } else {
            EXPECT_EQ(entries.size(), 1u);
        }
    }
}

// The table of kernels, which needs no GPU: every number of variants can be served, one form a row.
TEST(CudaKernels, ServeEveryNumberOfVariants) {
    const auto table = kernels::cuda::scan_kernels();
    bool one = false, all = false;
    std::vector<std::string> names;
    for (const auto& kernel : table) {
        one = one || kernel.variants == 1;
        all = all || (kernel.variants == kMaxVariants && kernel.shape.looped);
        EXPECT_NE(kernel.function, nullptr);
        names.push_back(describe(kernel));
    }
    EXPECT_TRUE(one);
    EXPECT_TRUE(all);
    std::sort(names.begin(), names.end());
    EXPECT_EQ(std::unique(names.begin(), names.end()), names.end());
}

}  // namespace
}  // namespace lode::backend::cuda
