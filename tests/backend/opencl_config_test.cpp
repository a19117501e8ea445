#include <algorithm>

#include <gtest/gtest.h>

#include "backend/opencl/config.h"
#include "backend/opencl/tune.h"

namespace lode::backend::opencl {
namespace {

Facts cpu() {
    Facts facts;
    facts.is_cpu = true;
    facts.vector_width = 16;
    facts.max_work_group = 4096;
    return facts;
}

Facts amd() {
    Facts facts;
    facts.is_gpu = true;
    facts.amd_compiler = true;
    facts.max_work_group = 256;
    return facts;
}

Facts nvidia() {
    Facts facts;
    facts.is_gpu = true;
    facts.idle_multipliers = true;
    facts.max_work_group = 1024;
    return facts;
}

Facts small_gpu() {
    Facts facts;
    facts.is_gpu = true;
    facts.vector_width = 4;
    facts.max_work_group = 100;
    return facts;
}

TEST(OpenClConfig, FirstGuessFitsTheDevice) {
    EXPECT_EQ(first_guess(cpu()), (Config{Arithmetic::Rotate, 16, 16}));
    EXPECT_EQ(first_guess(amd()), (Config{Arithmetic::RotateSelect, 1, 256}));
    EXPECT_EQ(first_guess(nvidia()), (Config{Arithmetic::MultiplyShift, 1, 128}));
    EXPECT_EQ(first_guess(small_gpu()), (Config{Arithmetic::Rotate, 1, 64}));
    Facts odd = cpu();
    odd.vector_width = 12;
    odd.max_work_group = 1;
    EXPECT_EQ(first_guess(odd).vector, 8u);
}

TEST(OpenClConfig, AlternativesAreWhatTheDeviceCanDo) {
    const auto arithmetics = alternatives(first_guess(amd()), Part::Arithmetic, amd());
    EXPECT_EQ(arithmetics.size(), 3u);  // with AMD's two
    EXPECT_EQ(alternatives(first_guess(cpu()), Part::Arithmetic, cpu()).size(), 1u);
    EXPECT_EQ(alternatives(first_guess(nvidia()), Part::Arithmetic, nvidia()),
              (std::vector<Config>{{Arithmetic::Rotate, 1, 128},
                                   {Arithmetic::Multiply, 1, 128},
                                   {Arithmetic::MultiplyRotate, 1, 128}}));
    for (const auto& config : alternatives(first_guess(small_gpu()), Part::WorkGroup, small_gpu()))
        EXPECT_LE(config.work_group, 100u);
    // Twice as wide as 16 does not exist in OpenCL.
    EXPECT_EQ(alternatives(first_guess(cpu()), Part::Vector, cpu()),
              (std::vector<Config>{{Arithmetic::Rotate, 8, 16}}));
}

TEST(OpenClConfig, BuildOptionsNameEveryPart) {
    EXPECT_EQ(build_options({Arithmetic::Rotate, 16, 64}),
              "-cl-std=CL1.2 -DLODE_VECTOR=16 -DLODE_WORK_GROUP=64");
    EXPECT_EQ(build_options({Arithmetic::XorAdd, 1, 128}),
              "-cl-std=CL1.2 -DLODE_VECTOR=1 -DLODE_WORK_GROUP=128 -DLODE_USE_ADD3=2");
    EXPECT_EQ(describe({Arithmetic::RotateSelect, 2, 128}), "uint2-bitselect-128");
}

TEST(OpenClConfig, TunedSurvivesItsText) {
    const Tuned tuned{{Arithmetic::RotateSelect, 8, 64}, 4, 71000000};
    EXPECT_EQ(parse_tuned(to_text(tuned), cpu()), tuned);
}

TEST(OpenClConfig, TextThatIsNoTunedIsRefused) {
    for (const char* text :
         {"", "arithmetic 0", "arithmetic 0 vector 16 work_group 64 variants 4 rate",
          "arithmetic 7 vector 16 work_group 64 variants 4 rate 1000",
          "arithmetic -1 vector 16 work_group 64 variants 4 rate 1000",
          "arithmetic 0 vector 3 work_group 64 variants 4 rate 1000",
          "arithmetic 0 vector 16 work_group 0 variants 4 rate 1000",
          "arithmetic 0 vector 16 work_group 64 variants 9 rate 1000",
          "arithmetic 0 vector 16 work_group 64 variants 0 rate 1000",
          "arithmetic 0 vector 16 work_group 64 variants 4 rate 0",
          "arithmetic 0 vector 16 work_group 64 variants 4 rate -5",
          "arithmetic 0 vector 16 work_group 64 variants 4 rate nan",
          "arithmetic 0 vector 16 work_group 64 variants 4 rate 1e99",
          "arithmetic 2 vector 1 work_group 64 variants 4 rate 1000",  // AMD's on another device
          "vector 16 arithmetic 0 work_group 64 variants 4 rate 1000"})
        EXPECT_FALSE(parse_tuned(text, cpu())) << text;
}

TEST(OpenClTune, FindsTheFastestAndMeasuresNothingTwice) {
    std::vector<Config> measured;
    const auto best = find_fastest(
        amd(),
        [&](const Config& config) -> std::optional<double> {
            EXPECT_EQ(std::ranges::count(measured, config), 0) << describe(config);
            measured.push_back(config);
            return (config.arithmetic == Arithmetic::XorAdd ? 2.0 : 1.0) *
                   (config.work_group == 128 ? 1.5 : 1.0);
        },
        [] { return false; });
    EXPECT_EQ(best, (Config{Arithmetic::XorAdd, 1, 128}));
}

TEST(OpenClTune, LeavesOutWhatDoesNotWorkAndIgnoresNoise) {
    const auto no_rotate = [](const Config& config) -> std::optional<double> {
        if (config.arithmetic == Arithmetic::Rotate) return std::nullopt;
        return config.work_group == 16 ? 1.0 : 1.01;
    };
    EXPECT_EQ(find_fastest(cpu(), no_rotate, [] { return false; }),
              (Config{Arithmetic::RotateSelect, 16, 16}));
    EXPECT_EQ(find_fastest(
                  cpu(), [](const Config&) { return std::nullopt; }, [] { return false; }),
              std::nullopt);
}

TEST(OpenClTune, StopsWhenToldTo) {
    int measured = 0;
    const auto best = find_fastest(
        cpu(),
        [&](const Config&) -> std::optional<double> {
            ++measured;
            return 1;
        },
        [] { return true; });
    EXPECT_EQ(measured, 1);
    EXPECT_EQ(best, first_guess(cpu()));
}

}  // namespace
}  // namespace lode::backend::opencl
