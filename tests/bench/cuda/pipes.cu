#include <algorithm>
#include <cstdint>
#include <cuda_runtime_api.h>
#include <utility>

#include "backend/cuda/runtime.h"
#include "bench/cuda/pipes.h"

namespace lode::bench {
namespace {

using std::uint32_t;

constexpr int kChains = 8;  // independent, so that latency does not show
constexpr int kUnrolled = 32;
constexpr int kThreads = 256, kBlocksPerSm = 4;

// Written in PTX, one instruction each, with operands that the assembler knows nothing of. Neighbouring
// chains feed each other, or a row of LOP3 could be folded into one.
__device__ __forceinline__ void lop3(uint32_t& x, uint32_t y, uint32_t z) {
    asm volatile("lop3.b32 %0, %0, %1, %2, 0x96;" : "+r"(x) : "r"(y), "r"(z));
}
__device__ __forceinline__ void shf(uint32_t& x, uint32_t y) {
    asm volatile("shf.r.wrap.b32 %0, %0, %1, 7;" : "+r"(x) : "r"(y));
}
__device__ __forceinline__ void imad(uint32_t& x, uint32_t y, uint32_t z) {
    asm volatile("mad.lo.u32 %0, %0, %1, %2;" : "+r"(x) : "r"(y), "r"(z));
}
__device__ __forceinline__ void imad_hi(uint32_t& x, uint32_t y) {
    asm volatile("mul.hi.u32 %0, %0, %1;" : "+r"(x) : "r"(y));
}
// Two additions that ptxas joins into one IADD3.
__device__ __forceinline__ void iadd3(uint32_t& x, uint32_t y, uint32_t z) {
    asm volatile("{ .reg .u32 t; add.u32 t, %0, %1; add.u32 %0, t, %2; }" : "+r"(x) : "r"(y), "r"(z));
}
// Both halves of every product go on, or ptxas would compute one alone.
__device__ __forceinline__ std::uint64_t imad_wide(std::uint64_t low_of, std::uint64_t high_of) {
    std::uint64_t product;
    asm volatile(
        "{ .reg .u32 l, h, none; mov.b64 {l, none}, %1; mov.b64 {none, h}, %2; mul.wide.u32 %0, l, h; }"
        : "=l"(product)
        : "l"(low_of), "l"(high_of));
    return product;
}

template <pipe::Index index>
__global__ void __launch_bounds__(kThreads) run(uint32_t seed, uint32_t factor, int loops, uint32_t* out) {
    uint32_t x[kChains];
    std::uint64_t wide[kChains];
    for (int i = 0; i < kChains; ++i) wide[i] = x[i] = seed + threadIdx.x * (2 * i + 1);
#pragma unroll 1
    for (int n = 0; n < loops; ++n) {
#pragma unroll
        for (int k = 0; k < kUnrolled; ++k) {
#pragma unroll
            for (int i = 0; i < kChains; ++i) {
                const uint32_t neighbour = x[(i + 1) % kChains];
                const bool even = (i + k) % 2 == 0;
                if (index == pipe::Lop3 || (index == pipe::ShfLop3 && even)) lop3(x[i], neighbour, factor);
                if (index == pipe::Shf || (index == pipe::ShfLop3 && !even) ||
                    ((index == pipe::ShfImad || index == pipe::ShfImadHi) && even))
                    shf(x[i], neighbour);
                if (index == pipe::Iadd3) iadd3(x[i], neighbour, factor);
                if (index == pipe::Imad || (index == pipe::ShfImad && !even)) imad(x[i], factor, neighbour);
                if (index == pipe::ImadHi || (index == pipe::ShfImadHi && !even)) imad_hi(x[i], factor);
                if (index == pipe::ImadWide)
                    wide[i] = imad_wide(wide[(i + 1) % kChains], wide[(i + 2) % kChains]);
            }
        }
    }
    uint32_t sum = 0;
    for (int i = 0; i < kChains; ++i) sum += x[i] + static_cast<uint32_t>(wide[i] >> 32);
    if (sum == 0x12345678) *out = sum;  // never known before it is computed
}

class Timer {
 public:
    std::optional<Error> open() {
        cudaDeviceProp facts{};
        int device = 0;
        void* memory = nullptr;
        cudaEvent_t begin = nullptr, end = nullptr;
        auto status = cudaGetDevice(&device);
        if (status == cudaSuccess) status = cudaGetDeviceProperties(&facts, device);
        if (status == cudaSuccess) status = cudaMalloc(&memory, 4);
        out_.reset(static_cast<uint32_t*>(memory));
        if (status == cudaSuccess) status = cudaEventCreate(&begin);
        begin_.reset(begin);
        if (status == cudaSuccess) status = cudaEventCreate(&end);
        end_.reset(end);
        blocks_ = facts.multiProcessorCount * kBlocksPerSm;
        return backend::cuda::failure(status, "pipes");
    }

    // The best of three runs of about 20 ms.
    template <pipe::Index index>
    std::optional<Error> rate(double& a_second) {
        constexpr double kLong = 20;  // milliseconds
        for (int loops = 256, good = 0; good < 3;) {
            float spent = 0;
            auto status = cudaEventRecord(begin_.get());
            run<index><<<blocks_, kThreads>>>(12345, 0x20000000, loops, out_.get());
            if (status == cudaSuccess) status = cudaGetLastError();
            if (status == cudaSuccess) status = cudaEventRecord(end_.get());
            if (status == cudaSuccess) status = cudaEventSynchronize(end_.get());
            if (status == cudaSuccess) status = cudaEventElapsedTime(&spent, begin_.get(), end_.get());
            if (auto error = backend::cuda::failure(status, "pipes")) return error;
            if (spent < kLong && loops < 1 << 24) {
                loops *= 2;
                continue;
            }
            ++good;
            const double instructions = static_cast<double>(blocks_) * kThreads * loops * kUnrolled * kChains;
            a_second = std::max(a_second, instructions / (spent * 1e-3));
        }
        return std::nullopt;
    }

 private:
    backend::cuda::DeviceMemory<uint32_t> out_;
    backend::cuda::Event begin_, end_;
    int blocks_ = 0;
};

template <int... indices>
std::optional<Error> measure_all(Timer& timer, std::vector<PipeRate>& rates,
                                 std::integer_sequence<int, indices...>) {
    std::optional<Error> error;
    (void)((error = timer.rate<static_cast<pipe::Index>(indices)>(rates[indices].a_second), !error) && ...);
    return error;
}

}  // namespace

std::vector<PipeRate> measure_pipes(std::optional<Error>& error) {
    std::vector<PipeRate> rates = {{"LOP3"},      {"SHF"},      {"IADD3"},    {"IMAD"},       {"IMAD.HI"},
                                   {"IMAD.WIDE"}, {"SHF+LOP3"}, {"SHF+IMAD"}, {"SHF+IMAD.HI"}};
    Timer timer;
    error = timer.open();
    if (!error) error = measure_all(timer, rates, std::make_integer_sequence<int, pipe::Count>());
    return rates;
}

}  // namespace lode::bench
