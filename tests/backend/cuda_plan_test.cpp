#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "backend/cuda/plan.h"

namespace lode::backend::cuda {
namespace {

using testing::ElementsAre;

// A kernel that takes any number of variants: so much for the nonce, so much for each.
KernelTimes looped(double nonce, double variant) {
    KernelTimes times{};
    for (unsigned n = 1; n <= kMaxVariants; ++n) times[n] = nonce + n * variant;
    return times;
}

KernelTimes only(unsigned n, double seconds) {
    KernelTimes times{};
    times[n] = seconds;
    return times;
}

TEST(CudaPlan, TakesTheFasterOfTwoKernels) {
    const KernelTimes kernels[] = {looped(2, 1), looped(1, 1)};
    const Plans plans = make_plans(kernels);
    for (unsigned n = 1; n <= kMaxVariants; ++n) {
        EXPECT_THAT(plans[n].steps, ElementsAre(Step{1, n})) << n;
        EXPECT_DOUBLE_EQ(plans[n].seconds, 1 + n);
    }
}

TEST(CudaPlan, CutsWhatNoKernelTakesAtOnce) {
    const KernelTimes kernels[] = {only(1, 1.0), only(4, 3.0)};
    const Plans plans = make_plans(kernels);
    EXPECT_THAT(plans[3].steps, ElementsAre(Step{0, 1}, Step{0, 1}, Step{0, 1}));
    EXPECT_DOUBLE_EQ(plans[7].seconds, 6);  // 3 + 1 + 1 + 1
    EXPECT_THAT(plans[8].steps, ElementsAre(Step{1, 4}, Step{1, 4}));
    unsigned taken = 0;
    for (const Step& step : plans[7].steps) taken += step.variants;
    EXPECT_EQ(taken, 7u);
}

TEST(CudaPlan, PrefersTwoFastKernelsToOneSlow) {
    const KernelTimes kernels[] = {looped(1, 1), only(4, 2.0)};
    EXPECT_THAT(make_plans(kernels)[8].steps, ElementsAre(Step{1, 4}, Step{1, 4}));
}

TEST(CudaPlan, LeavesWhatCannotBeServedEmpty) {
    const KernelTimes kernels[] = {only(2, 1.0)};
    const Plans plans = make_plans(kernels);
    EXPECT_TRUE(plans[1].steps.empty());
    EXPECT_TRUE(plans[7].steps.empty());
    EXPECT_EQ(plans[8].steps.size(), 4u);
}

TEST(CudaPlan, KnowsTheVariantsWithMostHashesASecond) {
    const KernelTimes steady[] = {looped(1, 1)};
    EXPECT_EQ(fastest_variants(make_plans(steady)), 8u);
    const KernelTimes four[] = {looped(1, 1), only(4, 2.0)};
    EXPECT_EQ(fastest_variants(make_plans(four)), 4u);  // 8 would be two of them, no faster
    const KernelTimes single[] = {only(1, 1.0)};
    EXPECT_EQ(fastest_variants(make_plans(single)), 1u);
}

}  // namespace
}  // namespace lode::backend::cuda
