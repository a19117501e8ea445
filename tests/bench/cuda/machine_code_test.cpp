// The counter of scripts/gpu_check on a cubin written by hand; the encodings are those of nvcc 13.0.
#include "bench/cuda/machine_code.h"

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <elf.h>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

namespace lode::bench {
namespace {

constexpr const char* kLooped =
    "_ZN4lode7kernels4cuda4scanILi8ENS1_5FixedILNS1_4AddsE2ELj1032ELb1ELi128ELi6ELi1EEEEEvNS0_"
    "8PreparedEjjjPNS1_4HitsE";

struct Instruction {
    std::uint64_t low, high;
};
// R5 = R5 * R3 + R4, and the same with a uniform register and with RZ.
constexpr Instruction kImadThree{0x0000000305057224, 0x4}, kImadUniform{0x0000000305057c24, 0x4},
    kImadZero{0x0000000305057224, 0xff};
constexpr Instruction kShf{0x0000000e05077819, 0}, kLop3{0x0000000305077212, 0}, kImad{0x00c0190005037a24, 0},
    kImadHi{0x00c0190005037a27, 0}, kNop{0x0000000000007918, 0};
// Branches over three instructions back, to the first of them, and to itself.
constexpr Instruction kBack90{0xfffffffc00f08947, 0x000fea000383ffff},
    kSelf90{0xfffffffc00fc7947, 0x000fc0000383ffff};
constexpr Instruction kBack80{0xffffffc000008947, 0x000fea000383ffff},
    kSelf80{0xfffffff000007947, 0x000fc0000383ffff};

std::string cubin(unsigned arch, const std::vector<Instruction>& code) {
    const std::string names = std::string("\0.names\0.text.", 14) + kLooped + '\0';
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_flags = arch << 8 | 4;
    header.e_shnum = 3;
    header.e_shstrndx = 1;
    header.e_shoff = sizeof header;
    Elf64_Shdr sections[3] = {};
    sections[1].sh_name = 1;
    sections[1].sh_type = SHT_STRTAB;
    sections[1].sh_offset = sizeof header + sizeof sections;
    sections[1].sh_size = names.size();
    sections[2].sh_name = 8;
    sections[2].sh_type = SHT_PROGBITS;
    sections[2].sh_offset = sections[1].sh_offset + names.size();
    sections[2].sh_size = code.size() * sizeof(Instruction);
    std::string file(reinterpret_cast<const char*>(&header), sizeof header);
    file.append(reinterpret_cast<const char*>(sections), sizeof sections);
    file += names;
    for (const Instruction& instruction : code)
        file.append(reinterpret_cast<const char*>(&instruction), sizeof instruction);
    return file;
}

std::string written(const std::string& content, const char* name) {
    const std::string path = testing::TempDir() + std::to_string(getpid()) + name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
}

void expect_counts(unsigned arch, const Instruction& back, const Instruction& self) {
    const std::string path =
        written(cubin(arch, {kShf, kLop3, kLop3, kImadHi, kShf, kImad, kImad, back, kImad, self, kNop}),
                "lode_code.cubin");
    const std::string log =
        written(std::string("ptxas info : Compiling entry function '") + kLooped +
                    "' for 'sm_90'\n    8 bytes stack frame, 4 bytes spill stores, 12 bytes spill loads\n"
                    "ptxas info    : Used 80 registers, used 0 barriers\n",
                "lode_code.log");
    std::string error;
    const auto kernels = read_machine_code(path, log, error);
    std::remove(path.c_str());
    std::remove(log.c_str());
    ASSERT_EQ(error, "");
    ASSERT_EQ(kernels.size(), 1u);
    const KernelCode& kernel = kernels[0];
    EXPECT_EQ(kernel.inside.total, 4u);  // SHF, two IMAD, the branch
    EXPECT_EQ(kernel.inside.alu, 1u);
    EXPECT_EQ(kernel.outside.alu, 3u);
    EXPECT_EQ(kernel.outside.wide, 1u);
    EXPECT_EQ(kernel.inside.imad, 2u);
    EXPECT_DOUBLE_EQ(kernel.per_hash(&Counts::alu), (3 + 8 * 1) / 8.0);
    EXPECT_DOUBLE_EQ(kernel.per_hash(&Counts::imad), (1 + 8 * 2) / 8.0);
    EXPECT_EQ(kernel.registers, 80u);
    EXPECT_EQ(kernel.stack, 8u);
    EXPECT_EQ(kernel.spilled, 16u);
}

TEST(MachineCode, IsCountedInAndOutOfTheLoop) {
    expect_counts(90, kBack90, kSelf90);
}

TEST(MachineCode, SumsThatReadThreeRegistersAreCounted) {
    const std::string path =
        written(cubin(90, {kImadThree, kImadUniform, kImadThree, kImadZero, kSelf90}), "lode_three.cubin");
    std::string error;
    const auto kernels = read_machine_code(path, "", error);
    std::remove(path.c_str());
    ASSERT_EQ(kernels.size(), 1u) << error;
    EXPECT_EQ(kernels[0].outside.imad, 4u);
    EXPECT_EQ(kernels[0].outside.three, 2u);
}

TEST(MachineCode, HasAnotherBranchBeforeSm90) {
    expect_counts(80, kBack80, kSelf80);
}

TEST(MachineCode, IsFoundByTheKernelsName) {
    const auto kernel = parse_name(kLooped);
    ASSERT_TRUE(kernel);
    EXPECT_EQ(kernel->variants, 8u);
    EXPECT_EQ(kernel->shape.multiplied, 0x408u);
    EXPECT_TRUE(kernel->shape.looped);
    EXPECT_EQ(kernel->shape.block, 128);
    EXPECT_EQ(kernel->shape.blocks_per_sm, 6);
    EXPECT_EQ(kernel->shape.adds, kernels::cuda::Adds::Fma);
    EXPECT_FALSE(parse_name("_Z3foov"));
    EXPECT_FALSE(parse_name("not mangled"));
}

TEST(MachineCode, RefusesWhatIsNoCubin) {
    std::string error;
    const std::string path = written("hello", "lode_hello.cubin");
    EXPECT_TRUE(read_machine_code(path, "", error).empty());
    EXPECT_NE(error, "");
    error.clear();
    EXPECT_TRUE(read_machine_code("/nonexistent", "", error).empty());
    EXPECT_NE(error, "");
    std::remove(path.c_str());
}

}  // namespace
}  // namespace lode::bench
