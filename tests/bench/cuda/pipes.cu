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
// chains feed each other, or a row of LOP3 could be folded into one. A word from memory stays in a general
// register, a kernel argument in a uniform one.
__device__ __forceinline__ void lop3(uint32_t& x, uint32_t y, uint32_t z) {
    asm volatile("lop3.b32 %0, %0, %1, %2, 0x96;" : "+r"(x) : "r"(y), "r"(z));
}
__device__ __forceinline__ void rotate(uint32_t& x) {
    asm volatile("shf.r.wrap.b32 %0, %0, %0, 7;" : "+r"(x));
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
__device__ __forceinline__ void step(uint32_t& x, uint32_t y, uint32_t z, uint32_t word, uint32_t uniform) {
    using namespace pipe;
    if constexpr (index == Lop3) lop3(x, y, z);
    if constexpr (index == Rotate) rotate(x);
    if constexpr (index == Iadd3) iadd3(x, y, z);
    if constexpr (index == Sum) imad(x, uniform, y);
    if constexpr (index == Sum3) imad(x, word, y);
    if constexpr (index == ImadHi) imad_hi(x, uniform);
}

// Which instructions a pair alternates between.
__device__ constexpr pipe::Index part(pipe::Index index, bool even) {
    switch (index) {
        case pipe::RotateLop3:
            return even ? pipe::Rotate : pipe::Lop3;
        case pipe::RotateSum:
            return even ? pipe::Rotate : pipe::Sum;
        case pipe::Lop3Sum:
            return even ? pipe::Lop3 : pipe::Sum;
        case pipe::Lop3Sum3:
            return even ? pipe::Lop3 : pipe::Sum3;
        case pipe::RotateImadHi:
            return even ? pipe::Rotate : pipe::ImadHi;
        default:
            return index;
    }
}

// io: a word for each thread of a block to start from, then what keeps the compiler from dropping it all, and
// the clocks that block 0 took.
template <pipe::Index index>
__global__ void __launch_bounds__(kThreads)
    run(uint32_t seed, uint32_t uniform, int loops, uint32_t* io, long long* clocks) {
    uint32_t x[kChains];
    std::uint64_t wide[kChains];
    const uint32_t word = io[threadIdx.x];
    for (int i = 0; i < kChains; ++i) wide[i] = x[i] = seed + threadIdx.x * (2 * i + 1);
    __syncthreads();
    const long long begin = clock64();
#pragma unroll 1
    for (int n = 0; n < loops; ++n) {
#pragma unroll
        for (int k = 0; k < kUnrolled; ++k) {
#pragma unroll
            for (int i = 0; i < kChains; i += 2) {
                const auto next = [&](int d) { return (i + d) % kChains; };
                if constexpr (index == pipe::ImadWide) {
                    wide[i] = imad_wide(wide[next(1)], wide[next(2)]);
                    wide[i + 1] = imad_wide(wide[next(2)], wide[next(3)]);
                } else {
                    step<part(index, true)>(x[i], x[next(1)], x[next(2)], word, uniform);
                    step<part(index, false)>(x[i + 1], x[next(2)], x[next(3)], word, uniform);
                }
            }
        }
    }
    __syncthreads();
    if (blockIdx.x == 0 && threadIdx.x == 0) *clocks = clock64() - begin;
    uint32_t sum = 0;
    for (int i = 0; i < kChains; ++i) sum += x[i] + static_cast<uint32_t>(wide[i] >> 32);
    if (sum == 0x12345678) *io = sum;  // never known before it is computed
}

__global__ void fail() {
    __trap();
}

class Timer {
 public:
    Result<void> open() {
        cudaDeviceProp facts{};
        int device = 0;
        void *words = nullptr, *clocks = nullptr;
        cudaEvent_t begin = nullptr, end = nullptr;
        auto status = cudaGetDevice(&device);
        if (status == cudaSuccess) status = cudaGetDeviceProperties(&facts, device);
        if (status == cudaSuccess) status = cudaMalloc(&words, kThreads * sizeof(uint32_t));
        io_.reset(static_cast<uint32_t*>(words));
        if (status == cudaSuccess) status = cudaMemset(words, 1, kThreads * sizeof(uint32_t));
        if (status == cudaSuccess) status = cudaMalloc(&clocks, sizeof(long long));
        clocks_.reset(static_cast<long long*>(clocks));
        if (status == cudaSuccess) status = cudaEventCreate(&begin);
        begin_.reset(begin);
        if (status == cudaSuccess) status = cudaEventCreate(&end);
        end_.reset(end);
        multiprocessors_ = facts.multiProcessorCount;
        return backend::cuda::check(status, "pipes");
    }

    // The best of three runs of about 20 ms, after as many that are too short.
    template <pipe::Index index>
    Result<void> rate(PipeRate& rate) {
        constexpr double kLong = 20;  // milliseconds
        for (int loops = 256, good = 0; good < 3;) {
            float spent = 0;
            long long clocks = 0;
            auto status = cudaEventRecord(begin_.get());
            run<index><<<multiprocessors_ * kBlocksPerSm, kThreads>>>(12345, 0x20000000, loops, io_.get(),
                                                                      clocks_.get());
            if (status == cudaSuccess) status = cudaGetLastError();
            if (status == cudaSuccess) status = cudaEventRecord(end_.get());
            if (status == cudaSuccess) status = cudaEventSynchronize(end_.get());
            if (status == cudaSuccess) status = cudaEventElapsedTime(&spent, begin_.get(), end_.get());
            if (status == cudaSuccess)
                status = cudaMemcpy(&clocks, clocks_.get(), sizeof clocks, cudaMemcpyDeviceToHost);
            if (auto ran = backend::cuda::check(status, "pipes"); !ran) return ran;
            if (spent < kLong && loops < 1 << 24) {
                loops *= 2;
                continue;
            }
            ++good;
            const double a_multiprocessor =
                static_cast<double>(kBlocksPerSm) * kThreads * loops * kUnrolled * kChains;
            rate.a_second = std::max(rate.a_second, a_multiprocessor * multiprocessors_ / (spent * 1e-3));
            rate.a_clock = std::max(rate.a_clock, a_multiprocessor / static_cast<double>(clocks));
        }
        return {};
    }

 private:
    backend::cuda::DeviceMemory<uint32_t> io_;
    backend::cuda::DeviceMemory<long long> clocks_;
    backend::cuda::Event begin_, end_;
    int multiprocessors_ = 0;
};

template <int... indices>
Result<void> measure_all(Timer& timer, std::vector<PipeRate>& rates, std::integer_sequence<int, indices...>) {
    Result<void> measured;
    (void)((measured = timer.rate<static_cast<pipe::Index>(indices)>(rates[indices])) && ...);
    return measured;
}

}  // namespace

void trap() {
    fail<<<1, 1>>>();
}

Result<std::vector<PipeRate>> measure_pipes() {
    std::vector<PipeRate> rates = {{"LOP3"},        {"rotate"},   {"IADD3"},       {"sum"},
                                   {"sum, 3 regs"}, {"IMAD.HI"},  {"IMAD.WIDE"},   {"rotate+LOP3"},
                                   {"rotate+sum"},  {"LOP3+sum"}, {"LOP3+sum, 3"}, {"rotate+IMAD.HI"}};
    Timer timer;
    auto done = timer.open();
    // Twice, since the clock is still rising from idle; the better counts.
    for (int round = 0; round < 2 && done; ++round)
        done = measure_all(timer, rates, std::make_integer_sequence<int, pipe::Count>());
    if (!done) return tl::unexpected(done.error());
    return rates;
}

}  // namespace lode::bench
