// Scan speed of a device alone, without engine or libraries.
//   lode_device_bench [DEVICES [SECONDS [VARIANTS [CPU THREADS]]]], 0 variants or threads for what mining
//   uses
// One line per device: hashes per second, and the number of hits verified.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>

#include "backend/known_blocks.h"
#include "backend/registry.h"

namespace {

using namespace lode;
using Clock = std::chrono::steady_clock;

struct Counters {
    std::uint64_t hashes = 0, checked = 0, wrong = 0;
};

// Keeps info().in_flight scans going for some time, each of about info().batch.
class Run {
 public:
    Run(Device& device, unsigned variants)
        : device_(device),
          header_(backend::known_blocks()[4].header),
          input_(backend::scan_input(header_, variants, 0xff)) {}

    Result<void> during(double seconds, std::uint64_t batch) {
        counters = {};
        const auto start = Clock::now();
        std::uint64_t outstanding = 0;
        for (bool more = true; more || outstanding > 0;) {
            while (more && outstanding < device_.info().in_flight) {
                if (next_ + batch > std::uint64_t{1} << 32) next_ = 0;
                if (auto queued = device_.enqueue(input_, static_cast<std::uint32_t>(next_), batch); !queued)
                    return queued;
                next_ += batch;
                ++outstanding;
            }
            const auto answer = device_.collect();
            if (!answer) return tl::unexpected(answer.error());
            --outstanding;
            counters.hashes += batch * input_.variants;
            check(*answer);
            elapsed = std::chrono::duration<double>(Clock::now() - start).count();
            more = elapsed < seconds;
        }
        return {};
    }

    Counters counters;
    double elapsed = 0;

 private:
    void check(const ScanResult& result) {
        for (std::size_t i = 0; i < result.kept(); ++i) {
            const Hit hit = result.hits[i];
            ++counters.checked;
            if (backend::hash_top(backend::rolled(header_, hit.variant, hit.nonce)) > input_.max_top)
                ++counters.wrong;
        }
    }

    Device& device_;
    backend::RawHeader header_;
    ScanInput input_;
    std::uint64_t next_ = 0;
};

// The batch that takes about info().batch: doubled until it takes a good part of that, then scaled.
Result<std::uint64_t> find_batch(Run& run, const DeviceInfo& info) {
    const double goal = std::chrono::duration<double>(info.batch).count();
    std::uint64_t batch = info.granularity;
    for (;;) {
        if (auto ran = run.during(0, batch); !ran) return tl::unexpected(ran.error());
        const double one = run.elapsed / info.in_flight;
        if (one >= goal / 4 || batch >= std::uint64_t{1} << 30)
            return static_cast<std::uint64_t>(static_cast<double>(batch) * std::min(4.0, goal / one) + 1);
        batch *= 2;
    }
}

// Prints a line; the number of wrong hits.
Result<std::uint64_t> bench(const DeviceEntry& entry, double seconds, unsigned variants) {
    const auto opened = entry.open();
    if (!opened) return tl::unexpected(opened.error());
    Device& device = **opened;
    const DeviceInfo& info = device.info();
    const unsigned used = variants > 0 ? variants : info.variants;
    Run run(device, used);
    const auto batch = find_batch(run, info);
    if (!batch) return tl::unexpected(batch.error());
    for (const double time : {seconds / 10, seconds})  // to warm up, and to measure
        if (const auto ran = run.during(time, *batch); !ran) return tl::unexpected(ran.error());
    const auto& c = run.counters;
    std::printf("%s  %s  %s  %u variants  %.2f MH/s  %llu hits checked, %llu wrong\n", entry.id.c_str(),
                info.name.c_str(), info.kernel.c_str(), used,
                static_cast<double>(c.hashes) / run.elapsed / 1e6, static_cast<unsigned long long>(c.checked),
                static_cast<unsigned long long>(c.wrong));
    return c.wrong;
}

}  // namespace

int main(int argc, char** argv) {
    const double seconds = argc > 2 ? std::atof(argv[2]) : 5;
    const int variants = argc > 3 ? std::atoi(argv[3]) : 0;
    const int threads = argc > 4 ? std::atoi(argv[4]) : 0;
    if (!(seconds > 0) || variants < 0 || variants > static_cast<int>(kMaxVariants) || threads < 0) {
        std::fprintf(stderr,
                     "usage: lode_device_bench [DEVICES [SECONDS [VARIANTS 1 to 8 [CPU THREADS]]]]\n");
        return 1;
    }
    backend::BackendOptions options;
    options.cpu_threads = static_cast<unsigned>(threads);
    options.gpu_intensity = 1;
    const auto selected = lode::select_devices(argc > 1 ? argv[1] : "", options);
    if (!selected) {
        std::fprintf(stderr, "%s\n", selected.error().text().c_str());
        return 3;
    }
    int code = 0;
    for (const DeviceEntry& entry : *selected) {
        const auto wrong = bench(entry, seconds, static_cast<unsigned>(variants));
        if (!wrong) std::fprintf(stderr, "%s\n", wrong.error().at(entry.id).text().c_str());
        if (!wrong || *wrong > 0) code = 1;
    }
    return code;
}
