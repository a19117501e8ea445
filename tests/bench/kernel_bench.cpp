// Google Benchmark over the CPU kernels: one thread, each kernel with 1, 2, 4 and 8 variants.
// items_per_second is hashes per second.
#include <string>

#include <benchmark/benchmark.h>

#include "backend/cpu/kernel_table.h"
#include "backend/known_blocks.h"

namespace {

using namespace lode;

void scan(benchmark::State& state, kernels::ScanFunction kernel, std::uint32_t variants) {
    const ScanInput input = backend::scan_input(backend::known_blocks()[0].header, variants, 0);
    // As little as a worker takes at once; a multiple of every kernel's step.
    const std::uint64_t count = 6144 / variants;
    ScanResult result;
    std::uint32_t first = 0;
    for (auto _ : state) {
        kernel(input, first, count, result);
        first += static_cast<std::uint32_t>(count);
    }
    benchmark::DoNotOptimize(result);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count * variants));
}

}  // namespace

int main(int argc, char** argv) {
    for (const auto& kernel : backend::cpu_kernels()) {
        if (!kernel.runnable) continue;
        for (const std::uint32_t variants : {1u, 2u, 4u, 8u})
            benchmark::RegisterBenchmark(
                (kernel.name + std::string("/variants:") + std::to_string(variants)).c_str(), scan,
                kernel.scan, variants);
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
