#include "backend/cpu/cpu_device.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "crypto/cpu_features.h"

namespace lode::backend::cpu {
namespace {

constexpr unsigned kInFlight = 2;
constexpr std::uint64_t kGrain = 256;  // nonces; a multiple of every kernel's step
// Bounds a piece in time, for slow kernels and huge scans: at 1 MH/s a quarter of a second.
constexpr std::uint64_t kMaxPieceHashes = std::uint64_t{1} << 18;
// Small enough that the threads finish together, large enough that the lock is not felt: with batches of a
// few milliseconds a piece takes about one.
constexpr std::uint64_t kPiecesPerThread = 4;

Error misuse(const std::string& what) {
    return {ErrorKind::Internal, what, "device cpu", ""};
}

struct Scan {
    ScanInput input;
    std::uint64_t next = 0, end = 0;  // nonces not yet handed to a worker
    std::uint64_t piece = 0;          // nonces a worker takes at once
    std::uint64_t unfinished = 0;     // nonces not yet scanned
    ScanResult result;
};

void merge(ScanResult& into, const ScanResult& part) {
    for (std::size_t i = 0, at = into.kept(); i < part.kept() && at < kMaxHits; ++i, ++at)
        into.hits[at] = part.hits[i];
    into.total += part.total;
}

class CpuDevice final : public Device {
 public:
    CpuDevice(const CpuKernel& kernel, unsigned threads) : scan_(kernel.scan) {
        info_.id = info_.backend = "cpu";
        info_.name = crypto::cpu_features().brand;
        info_.kernel = kernel.name;
        info_.threads = threads;
        info_.variants = kernel.variants;
        info_.in_flight = kInFlight;
        info_.batch = std::chrono::microseconds{4000};
        info_.granularity = kGrain * threads * kPiecesPerThread;
        try {
            for (unsigned i = 0; i < threads; ++i) workers_.emplace_back([this] { work(); });
        } catch (...) {
            stop();
            throw;
        }
    }
    ~CpuDevice() override { stop(); }

    [[nodiscard]] const DeviceInfo& info() const override { return info_; }
    [[nodiscard]] std::optional<Error> enqueue(const ScanInput& input, std::uint32_t first,
                                               std::uint64_t count) override;
    [[nodiscard]] std::variant<ScanResult, Error> collect() override;

 private:
    void work();
    Scan* unclaimed();  // the oldest scan with nonces left to hand out; under the lock
    void stop();

    kernels::ScanFunction scan_;
    DeviceInfo info_;
    std::mutex mutex_;  // guards what follows; the kernel runs outside it
    std::condition_variable work_ready_, scan_done_;
    std::deque<Scan> scans_;  // oldest first; references stay good while others come and go
    bool stopping_ = false;
    std::vector<std::thread> workers_;
};

std::optional<Error> CpuDevice::enqueue(const ScanInput& input, std::uint32_t first, std::uint64_t count) {
    if (input.variants < 1 || input.variants > kMaxVariants)
        return misuse("a scan of no or too many variants");
    if (count < 1 || first + count > std::uint64_t{1} << 32) return misuse("a scan outside the nonces");
    const std::uint64_t share = count / (info_.threads * kPiecesPerThread) + 1;
    const std::uint64_t most = kMaxPieceHashes / input.variants;
    const std::uint64_t piece = (std::min(share, most) + kGrain - 1) / kGrain * kGrain;
    {
        const std::lock_guard lock(mutex_);
        if (scans_.size() >= kInFlight) return misuse("more scans than may be in flight");
        scans_.push_back({input, first, first + count, piece, count, {}});
    }
    work_ready_.notify_all();
    return std::nullopt;
}

std::variant<ScanResult, Error> CpuDevice::collect() {
    std::unique_lock lock(mutex_);
    if (scans_.empty()) return misuse("nothing to collect");
    scan_done_.wait(lock, [this] { return scans_.front().unfinished == 0; });
    const ScanResult result = scans_.front().result;
    scans_.pop_front();
    return result;
}

Scan* CpuDevice::unclaimed() {
    for (Scan& scan : scans_)
        if (scan.next < scan.end) return &scan;
    return nullptr;
}

void CpuDevice::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        Scan* scan = nullptr;
        work_ready_.wait(lock, [&] { return stopping_ || (scan = unclaimed()) != nullptr; });
        if (stopping_) return;
        const auto first = static_cast<std::uint32_t>(scan->next);
        const std::uint64_t count = std::min(scan->piece, scan->end - scan->next);
        scan->next += count;
        lock.unlock();
        ScanResult part;
        scan_(scan->input, first, count, part);
        lock.lock();
        merge(scan->result, part);
        scan->unfinished -= count;
        if (scan->unfinished == 0 && scan == &scans_.front()) {
            lock.unlock();  // so that who wakes finds it free
            scan_done_.notify_one();
            lock.lock();
        }
    }
}

void CpuDevice::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    work_ready_.notify_all();
    for (std::thread& worker : workers_) worker.join();
}

}  // namespace

OpenedDevice make_device(const CpuKernel& kernel, unsigned threads) {
    try {
        return std::make_unique<CpuDevice>(kernel, threads);
    } catch (const std::system_error& failure) {
        return Error{ErrorKind::Device, std::string("no thread could be started: ") + failure.what(),
                     "device cpu", "fewer than " + std::to_string(threads) + " threads"};
    }
}

}  // namespace lode::backend::cpu
