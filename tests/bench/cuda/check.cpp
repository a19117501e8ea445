// The table of scripts/gpu_check: every scan kernel compiled in, its instruction counts, whether its results
// are right, its speed, and how close it is to the limits of the chip's pipes.
//   lode_cuda_check CUBIN [PTXAS-LOG]
// Exit code 0: measured; 1: a wrong answer or a failure; 3: no GPU, only counted.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include "backend/cuda/session.h"
#include "backend/cuda/tune.h"
#include "backend/known_blocks.h"
#include "bench/cuda/machine_code.h"
#include "bench/cuda/measure.h"
#include "bench/cuda/pipes.h"
#include "conformance/conformance.h"

namespace {

using namespace lode;
using backend::cuda::KernelTimes;
using backend::cuda::Plans;
using backend::cuda::Session;
using bench::Counts;
using bench::Job;
using bench::KernelCode;
using bench::PipeRate;
using kernels::cuda::scan_kernels;
using kernels::cuda::ScanKernel;
namespace pipe = bench::pipe;

bool same(const kernels::cuda::Shape& a, const kernels::cuda::Shape& b) {
    return a.adds == b.adds && a.multiplied == b.multiplied && a.looped == b.looped && a.block == b.block &&
           a.blocks_per_sm == b.blocks_per_sm && a.nonces == b.nonces;
}

// A scanner that uses one kernel wherever it can, and the first looped one for the other numbers of variants.
backend::Scanner scanner(Session& session, std::size_t kernel) {
    const auto table = scan_kernels();
    std::vector<KernelTimes> times(table.size());
    const auto take = [&](std::size_t k, double seconds) {
        for (unsigned n = 1; n <= kMaxVariants; ++n)
            if (n == table[k].variants || (table[k].shape.looped && n < table[k].variants))
                times[k][n] = seconds;
    };
    const auto looped = std::ranges::find_if(table, [](const ScanKernel& k) { return k.shape.looped; });
    take(static_cast<std::size_t>(looped - table.begin()), 100);
    take(kernel, 1);
    return [&session, plans = backend::cuda::make_plans(times)](const ScanInput& input, std::uint32_t first,
                                                                std::uint64_t count) -> Result<ScanResult> {
        if (auto started = session.start(input, first, count, plans[input.variants], std::uint64_t{1} << 32);
            !started)
            return tl::unexpected(started.error());
        return session.finish();
    };
}

struct Row {
    const ScanKernel* kernel = nullptr;
    const KernelCode* code = nullptr;
    std::uint64_t count = 0;  // nonces in 25 to 50 ms
    double rate = 0;          // hashes a second
    double occupancy = 0;
    std::string wrong;
};

// Hashes a second at which the busiest pipe is full. Every instruction also takes an issue slot, of which the
// fastest pair of pipes shows the number. That a kernel reads more registers than the file yields is not in
// it: see the rates of pairs with three registers.
double ceiling(const KernelCode& code, const std::vector<PipeRate>& pipes) {
    const double alu = code.per_hash(&Counts::alu) / pipes[pipe::RotateLop3].a_second;
    const double fma = code.per_hash(&Counts::imad) / pipes[pipe::Sum].a_second +
                       code.per_hash(&Counts::wide) / pipes[pipe::ImadHi].a_second;
    const double issue = code.per_hash(&Counts::total) /
                         std::max(pipes[pipe::RotateSum].a_second, pipes[pipe::RotateLop3].a_second);
    return 1 / std::max({alu, fma, issue});
}

void print_table(const std::vector<Row>& rows, const std::vector<PipeRate>* pipes) {
    std::printf("\n%-36s %7s %7s %6s %7s %5s %5s %5s", "kernel", "ALU", "IMAD", "3 regs", "HI/WIDE", "regs",
                "stack", "spill");
    if (pipes != nullptr) std::printf(" %5s %9s %9s %8s", "occ", "GH/s", "ceiling", "reached");
    std::printf("\n");
    for (const Row& row : rows) {
        std::printf("%-36s ", backend::cuda::describe(*row.kernel).c_str());
        if (row.code == nullptr) {
            std::printf("not in the cubin\n");
            continue;
        }
        const KernelCode& code = *row.code;
        std::printf("%7.1f %7.1f %6.1f %7.1f %5u %5u %5u", code.per_hash(&Counts::alu),
                    code.per_hash(&Counts::imad), code.per_hash(&Counts::three), code.per_hash(&Counts::wide),
                    code.registers, code.stack, code.spilled);
        if (pipes != nullptr && row.wrong.empty()) {
            const double most = ceiling(code, *pipes);
            std::printf(" %4.0f%% %9.3f %9.3f %7.1f%%", 100 * row.occupancy, row.rate / 1e9, most / 1e9,
                        100 * row.rate / most);
        }
        std::printf(" %s\n", row.wrong.c_str());
    }
    std::printf(
        "kernel: variants a thread, additions, distances shifted by multiplication (bit mask), threads x "
        "blocks "
        "a multiprocessor, nonces a thread.\nALU, IMAD, HI/WIDE: instructions a hash, the few that only a "
        "hit "
        "executes included; 3 regs: IMADs that read three registers.\n");
}

Result<void> measure(Session& session, std::vector<Row>& rows) {
    for (Row& row : rows) {
        const auto index = static_cast<std::size_t>(row.kernel - scan_kernels().data());
        const auto report = conformance::run(scanner(session, index));
        if (!report.passed()) row.wrong = "WRONG: " + report.text();
        const auto rate = bench::hash_rate(session, index, row.count);
        if (!rate) return tl::unexpected(rate.error());
        row.rate = *rate;
        int blocks = 0, threads = 0;
        static_cast<void>(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, row.kernel->function,
                                                                        row.kernel->shape.block, 0));
        static_cast<void>(cudaDeviceGetAttribute(&threads, cudaDevAttrMaxThreadsPerMultiProcessor, 0));
        if (threads > 0) row.occupancy = static_cast<double>(blocks) * row.kernel->shape.block / threads;
    }
    return {};
}

void print_device() {
    cudaDeviceProp facts{};
    int driver = 0, clock = 0;
    static_cast<void>(cudaGetDeviceProperties(&facts, 0));
    static_cast<void>(cudaDriverGetVersion(&driver));
    static_cast<void>(cudaDeviceGetAttribute(&clock, cudaDevAttrClockRate, 0));
    std::printf(
        "device: %s, compute capability %d.%d, %d multiprocessors, %d MHz at most, driver for CUDA %d.%d\n",
        facts.name, facts.major, facts.minor, facts.multiProcessorCount, clock / 1000, driver / 1000,
        driver % 1000 / 10);
}

// The fastest of all, and driven as a device is; false if that failed.
bool print_best(Session& session, const std::vector<Row>& rows) {
    const Row *best = nullptr, *usual = nullptr;
    for (const Row& row : rows) {
        if (row.wrong.empty() && (best == nullptr || row.rate > best->rate)) best = &row;
        // The usual form: one midstate, additions as the compiler likes.
        if (row.kernel->variants == 1 && row.kernel->shape.adds == kernels::cuda::Adds::Alu &&
            (usual == nullptr || row.rate > usual->rate))
            usual = &row;
    }
    if (best == nullptr) return false;
    std::printf("fastest: %s, %.3f GH/s", backend::cuda::describe(*best->kernel).c_str(), best->rate / 1e9);
    if (usual != nullptr && usual->rate > 0)
        std::printf(", %.2f times our kernel with one variant and plain additions", best->rate / usual->rate);
    const auto index = static_cast<std::size_t>(best->kernel - scan_kernels().data());
    const auto driven = bench::driven_rate(session, Job(index, best->count));
    if (!driven) {
        std::printf("\n%s\n", driven.error().text().c_str());
        return false;
    }
    std::printf("\ntwo scans in flight for 5 s, by the host's clock: %.3f GH/s, %.1f %% of that\n",
                *driven / 1e9, 100 * *driven / best->rate);
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2 || argc > 3) {
        std::fprintf(stderr, "usage: lode_cuda_check CUBIN [PTXAS-LOG]\n");
        return 1;
    }
    std::string error;
    const auto codes = bench::read_machine_code(argv[1], argc > 2 ? argv[2] : "", error);
    if (!error.empty()) {
        std::fprintf(stderr, "%s\n", error.c_str());
        return 1;
    }
    std::vector<Row> rows;
    for (const ScanKernel& kernel : scan_kernels()) {
        Row row;
        row.kernel = &kernel;
        for (const KernelCode& code : codes)
            if (code.variants == kernel.variants && same(code.shape, kernel.shape)) row.code = &code;
        rows.push_back(row);
    }
    int devices = 0;
    if (cudaGetDeviceCount(&devices) != cudaSuccess || devices == 0) {
        print_table(rows, nullptr);
        std::printf("No GPU at hand: counted, not measured.\n");
        return 3;
    }
    print_device();
    auto opened = Session::open(0);
    if (!opened) {
        std::fprintf(stderr, "%s\n", opened.error().text().c_str());
        return 1;
    }
    auto& session = *opened;
    const auto pipes = bench::warm_up(*session).and_then(bench::measure_pipes);
    const auto measured = pipes ? measure(*session, rows) : tl::unexpected(pipes.error());
    if (!measured) {
        std::fprintf(stderr, "%s\n", measured.error().text().c_str());
        return 1;
    }
    for (const PipeRate& rate : *pipes)
        std::printf("pipe %-16s %9.1f G/s %7.1f a clock and multiprocessor\n", rate.name, rate.a_second / 1e9,
                    rate.a_clock);
    print_table(rows, &*pipes);
    const bool driven = print_best(*session, rows);
    std::printf("recovery: %s\n", bench::recovery(std::move(session)).c_str());
    return driven && std::ranges::all_of(rows, [](const Row& row) { return row.wrong.empty() && row.code; })
               ? 0
               : 1;
}
