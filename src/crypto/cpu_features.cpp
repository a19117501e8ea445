#include "crypto/cpu_features.h"

#include <array>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <algorithm>
#include <cstdio>

#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace lode::crypto {
namespace {

#if defined(__x86_64__)

std::uint64_t xgetbv0() {
    std::uint32_t low = 0, high = 0;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (static_cast<std::uint64_t>(high) << 32) | low;
}

std::string brand_string() {
    std::array<unsigned, 12> words{};
    if (static_cast<unsigned>(__get_cpuid_max(0x80000000u, nullptr)) < 0x80000004u) return "x86-64 CPU";
    for (unsigned i = 0; i < 3; ++i)
        __get_cpuid(0x80000002u + i, &words[4 * i], &words[4 * i + 1], &words[4 * i + 2], &words[4 * i + 3]);
    std::array<char, 49> text{};
    std::memcpy(text.data(), words.data(), 48);
    std::string brand = text.data();
    brand.erase(0, brand.find_first_not_of(' '));
    brand.erase(brand.find_last_not_of(' ') + 1);
    return brand.empty() ? "x86-64 CPU" : brand;
}

CpuFeatures detect() {
    CpuFeatures f;
    f.brand = brand_string();
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0) return f;
    const bool ssse3 = (c & bit_SSSE3) != 0;
    const bool sse41 = (c & bit_SSE4_1) != 0;
    const bool avx = (c & bit_AVX) != 0;
    const std::uint64_t saved = (c & bit_OSXSAVE) != 0 ? xgetbv0() : 0;
    const bool ymm_saved = (saved & 0x06) == 0x06;  // XMM and YMM (Intel SDM vol. 1, 14.3)
    const bool zmm_saved = (saved & 0xe6) == 0xe6;  // and opmask, upper halves, ZMM16 to 31 (15.2)
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return f;
    f.sha_ni = (b & (1u << 29)) != 0 && ssse3 && sse41;
    f.avx2 = (b & bit_AVX2) != 0 && avx && ymm_saved;
    constexpr unsigned kAvx512 = bit_AVX512F | bit_AVX512BW | bit_AVX512VL | bit_AVX512DQ;
    f.avx512 = (b & kAvx512) == kAvx512 && f.avx2 && zmm_saved;
    return f;
}

#elif defined(__aarch64__) && defined(__linux__)

struct Part {
    unsigned implementer, number;
    const char* name;
};

// MIDR_EL1's implementers and part numbers, of those that people mine on (Linux,
// arch/arm64/include/asm/cputype.h).
constexpr Part kParts[] = {
    {0x41, 0xd03, "Arm Cortex-A53"},  {0x41, 0xd05, "Arm Cortex-A55"},  {0x41, 0xd07, "Arm Cortex-A57"},
    {0x41, 0xd08, "Arm Cortex-A72"},  {0x41, 0xd09, "Arm Cortex-A73"},  {0x41, 0xd0b, "Arm Cortex-A76"},
    {0x41, 0xd0c, "Arm Neoverse N1"}, {0x41, 0xd40, "Arm Neoverse V1"}, {0x41, 0xd41, "Arm Cortex-A78"},
    {0x41, 0xd49, "Arm Neoverse N2"}, {0x41, 0xd4f, "Arm Neoverse V2"}, {0xc0, 0xac3, "Ampere-1"},
};

std::string brand_string(unsigned long capabilities) {
    if ((capabilities & HWCAP_CPUID) == 0) return "64-bit Arm CPU";
    std::uint64_t midr = 0;
    __asm__("mrs %0, midr_el1" : "=r"(midr));  // Linux answers for the register, of the core that asks
    const unsigned implementer = midr >> 24 & 0xff, number = midr >> 4 & 0xfff;
    const auto* part = std::ranges::find_if(
        kParts, [&](const Part& p) { return p.implementer == implementer && p.number == number; });
    if (part != std::end(kParts)) return part->name;
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "64-bit Arm CPU 0x%02x/0x%03x", implementer, number);
    return text.data();
}

CpuFeatures detect() {
    CpuFeatures f;
    const unsigned long capabilities = getauxval(AT_HWCAP);
    f.neon = (capabilities & HWCAP_ASIMD) != 0;
    f.arm_sha2 = f.neon && (capabilities & HWCAP_SHA2) != 0;
    f.brand = brand_string(capabilities);
    return f;
}

#else

CpuFeatures detect() {
    CpuFeatures f;
    f.brand = "generic CPU";
    return f;
}

#endif

}  // namespace

const CpuFeatures& cpu_features() {
    static const CpuFeatures features = detect();
    return features;
}

}  // namespace lode::crypto
