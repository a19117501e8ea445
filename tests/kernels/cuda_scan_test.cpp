// What a CUDA thread computes, compiled for the host with the same multiplications, under the suite that
// every kernel has to pass.
#include <gtest/gtest.h>

#include "conformance/conformance.h"
#include "kernels/cuda/scan_nonce.h"

namespace lode::kernels::cuda {
namespace {

template <int Variants, Shape shape>
void scan_as(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result) {
    const Prepared prepared = prepare(input);
    for (std::uint64_t i = 0; i < count; ++i)
        scan_nonce<Variants, shape>(
            prepared, static_cast<std::uint32_t>(first + i),
            [&result](std::uint32_t nonce, std::uint32_t variant) { result.add(nonce, variant); });
}

constexpr bool kLooped = true;

template <Shape shape>
backend::Scanner looped() {
    static_assert(shape.looped);
    return backend::scanner(scan_as<8, shape>);
}

// The straight-line kernels, each for its own number of variants.
template <Shape shape>
backend::Scanner straight() {
    return backend::scanner(
        [](const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result) {
            constexpr ScanFunction kByVariants[] = {scan_as<1, shape>, scan_as<2, shape>, scan_as<3, shape>,
                                                    scan_as<4, shape>, scan_as<5, shape>, scan_as<6, shape>,
                                                    scan_as<7, shape>, scan_as<8, shape>};
            kByVariants[input.variants - 1](input, first, count, result);
        });
}

struct Form {
    const char* name;
    backend::Scanner scan;
    friend void PrintTo(const Form& form, std::ostream* out) { *out << form.name; }
};

class CudaArithmetic : public testing::TestWithParam<Form> {};

TEST_P(CudaArithmetic, ObeysTheContract) {
    const auto report = conformance::run(GetParam().scan);
    EXPECT_TRUE(report.passed()) << report.text();
    EXPECT_GT(report.checks, 1000u);
}

constexpr Shape shape(Adds adds, std::uint32_t multiplied, bool is_looped) {
    return {adds, multiplied, is_looped, 128, 6, 1};
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, CudaArithmetic,
    testing::Values(Form{"AddsOnAlu", looped<shape(Adds::Alu, 0, kLooped)>()},
                    Form{"PairsOnFma", looped<shape(Adds::Pairs, 0, kLooped)>()},
                    Form{"AddsOnFma", looped<shape(Adds::Fma, 0, kLooped)>()},
                    Form{"ShiftsOnFma", looped<shape(Adds::Fma, kShifts, kLooped)>()},
                    Form{"EverythingOnFma", looped<shape(Adds::Fma, 0xffffffff, kLooped)>()},
                    Form{"StraightShiftsOnFma", straight<shape(Adds::Fma, kShifts, !kLooped)>()}),
    [](const auto& form) { return form.param.name; });

}  // namespace
}  // namespace lode::kernels::cuda
