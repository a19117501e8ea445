// The computation of a CUDA thread, compiled for the host with the same multiplications, under the
// conformance suite.
#include <gtest/gtest.h>

#include "conformance/conformance.h"
#include "kernels/cuda/scan_nonce.h"

namespace lode::kernels::cuda {
namespace {

template <int Variants, class Form>
void scan_as(const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result) {
    const Prepared prepared = prepare(input);
    for (std::uint64_t i = 0; i < count; ++i)
        scan_nonce<Variants, Form>(
            prepared, static_cast<std::uint32_t>(first + i),
            [&result](std::uint32_t nonce, std::uint32_t variant) { result.add(nonce, variant); });
}

constexpr bool kLooped = true;

template <class Form>
backend::Scanner looped() {
    static_assert(Form::shape.looped);
    return backend::scanner(scan_as<8, Form>);
}

// The straight-line kernels, each for its own number of variants.
template <class Form>
backend::Scanner straight() {
    return backend::scanner(
        [](const ScanInput& input, std::uint32_t first, std::uint64_t count, ScanResult& result) {
            constexpr ScanFunction kByVariants[] = {scan_as<1, Form>, scan_as<2, Form>, scan_as<3, Form>,
                                                    scan_as<4, Form>, scan_as<5, Form>, scan_as<6, Form>,
                                                    scan_as<7, Form>, scan_as<8, Form>};
            kByVariants[input.variants - 1](input, first, count, result);
        });
}

struct Case {
    const char* name;
    backend::Scanner scan;
    friend void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }
};

class CudaArithmetic : public testing::TestWithParam<Case> {};

TEST_P(CudaArithmetic, ObeysTheContract) {
    const auto report = conformance::run(GetParam().scan);
    EXPECT_TRUE(report.passed()) << report.text();
    EXPECT_GT(report.checks, 1000u);
}

template <Adds adds, std::uint32_t multiplied, bool looped>
using Shaped = Fixed<adds, multiplied, looped, 128, 6>;

INSTANTIATE_TEST_SUITE_P(
    Shapes, CudaArithmetic,
    testing::Values(Case{"AddsOnAlu", looped<Shaped<Adds::Alu, 0, kLooped>>()},
                    Case{"PairsOnFma", looped<Shaped<Adds::Pairs, 0, kLooped>>()},
                    Case{"AddsOnFma", looped<Shaped<Adds::Fma, 0, kLooped>>()},
                    Case{"ShiftsOnFma", looped<Shaped<Adds::Fma, kShifts, kLooped>>()},
                    Case{"EverythingOnFma", looped<Shaped<Adds::Fma, 0xffffffff, kLooped>>()},
                    Case{"StraightShiftsOnFma", straight<Shaped<Adds::Fma, kShifts, !kLooped>>()}),
    [](const auto& form) { return form.param.name; });

}  // namespace
}  // namespace lode::kernels::cuda
