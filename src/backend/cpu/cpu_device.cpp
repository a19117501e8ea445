#include "backend/cpu/cpu_device.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "crypto/cpu_features.h"
#include "lode/cuts_short.h"

namespace lode::backend::cpu {
namespace {

constexpr unsigned kInFlight = 2;
constexpr std::uint64_t kGrain = 768;  // nonces; a multiple of every kernel's step
// Bounds the time for a piece, for slow kernels and huge scans: a quarter of a second at 1 MH/s.
constexpr std::uint64_t kMaxPieceHashes = std::uint64_t{1} << 18;
// To enqueue and collect a batch takes about 15 us of a CPU that could hash meanwhile, so a batch has at
// least 16 ms of all threads together: then that is a thousandth. Long ones delay what they find.
constexpr std::chrono::microseconds kBatchCpuTime{16000}, kShortestBatch{4000};
// Of a thread's part of a batch. Small enough that the threads finish together, large enough that lock
// contention is negligible.
constexpr std::chrono::microseconds kPieceTime{1000};
// How often a worker looks whether its scan was cut short: about every half millisecond.
constexpr std::uint64_t kLooksPerPiece = 2;

tl::unexpected<Error> misuse(const std::string& what) {
    return fail(ErrorKind::Internal, what, "device cpu");
}

struct Scan {
    ScanInput input;
    std::uint64_t next = 0, end = 0;  // nonces not yet handed to a worker
    std::uint64_t piece = 0;          // nonces that a worker takes at once
    std::uint64_t unfinished = 0;     // nonces not yet scanned
    std::uint64_t left_out = 0;       // nonces that will not be, as it was cut short
    std::atomic<bool> cut{false};     // read by workers without the lock
    ScanResult result;
};

void merge(ScanResult& into, const ScanResult& part) {
    for (std::size_t i = 0, at = into.kept(); i < part.kept() && at < kMaxHits; ++i, ++at)
        into.hits[at] = part.hits[i];
    into.total += part.total;
}

class CpuDevice final : public Device, public CutsShort {
 public:
    CpuDevice(const CpuKernel& kernel, const ThreadPlan& plan, double rate, std::unique_ptr<Rapl> power)
        : scan_(kernel.scan), plan_(plan), power_(std::move(power)) {
        info_.id = info_.backend = "cpu";
        info_.name = crypto::cpu_features().brand;
        info_.kernel = kernel.name;
        info_.threads = plan.threads;
        info_.cpus = plan.cpus;
        info_.variants = kernel.variants;
        info_.in_flight = kInFlight;
        info_.batch = std::max(kBatchCpuTime / plan.threads, kShortestBatch);
        info_.rate = rate * plan.threads;
        pieces_ = plan.threads * static_cast<std::uint64_t>(info_.batch / kPieceTime);
        info_.granularity = kGrain * pieces_;
    }
    ~CpuDevice() override { stop(); }

    // Waits until every thread has its CPU and priority. To be called once; throws std::system_error.
    [[nodiscard]] Result<void> start();

    [[nodiscard]] const DeviceInfo& info() const override { return info_; }
    [[nodiscard]] Result<void> enqueue(const ScanInput& input, std::uint32_t first,
                                       std::uint64_t count) override;
    [[nodiscard]] Result<ScanResult> collect() override;
    [[nodiscard]] DeviceTelemetry telemetry() override {
        DeviceTelemetry telemetry;
        if (power_) telemetry.power_w = power_->watts();
        return telemetry;
    }
    void cut_short() override;
    [[nodiscard]] std::uint64_t left_out() const override { return left_out_; }

 private:
    void run(unsigned number);  // a worker
    void work(std::unique_lock<std::mutex>& lock);
    std::uint64_t scan_piece(Scan& scan, std::uint32_t first, std::uint64_t count, ScanResult& part) const;
    Scan* unclaimed();  // the oldest scan with unclaimed nonces; lock held
    void stop();

    kernels::ScanFunction scan_;
    const ThreadPlan plan_;
    std::unique_ptr<Rapl> power_;  // null: unknown
    DeviceInfo info_;
    std::uint64_t pieces_ = 1;  // of a batch
    std::mutex mutex_;          // guards the members below; not held while a kernel runs
    std::condition_variable work_ready_, scan_done_, placed_;
    std::deque<Scan> scans_;  // oldest first; references stay valid when others are added or removed
    bool stopping_ = false;
    unsigned to_place_ = 0;       // workers that are not in their place yet
    Result<void> placing_;        // the first failure
    std::uint64_t left_out_ = 0;  // of the scan collected last; the device thread's
    std::vector<std::thread> workers_;
};

Result<void> CpuDevice::enqueue(const ScanInput& input, std::uint32_t first, std::uint64_t count) {
    if (input.variants < 1 || input.variants > kMaxVariants)
        return misuse("a number of variants out of range");
    if (count < 1 || first + count > std::uint64_t{1} << 32) return misuse("a nonce range beyond 2^32");
    const std::uint64_t share = count / pieces_ + 1;
    const std::uint64_t most = kMaxPieceHashes / input.variants;
    const std::uint64_t piece = (std::min(share, most) + kGrain - 1) / kGrain * kGrain;
    {
        const std::lock_guard lock(mutex_);
        if (scans_.size() >= kInFlight) return misuse("too many scans in flight");
        Scan& scan = scans_.emplace_back();
        scan.input = input;
        scan.next = first;
        scan.end = first + count;
        scan.piece = piece;
        scan.unfinished = count;
    }
    work_ready_.notify_all();
    return {};
}

Result<ScanResult> CpuDevice::collect() {
    std::unique_lock lock(mutex_);
    if (scans_.empty()) return misuse("nothing to collect");
    scan_done_.wait(lock, [this] { return scans_.front().unfinished == 0; });
    const ScanResult result = scans_.front().result;
    left_out_ = scans_.front().left_out;
    scans_.pop_front();
    return result;
}

void CpuDevice::cut_short() {
    {
        const std::lock_guard lock(mutex_);
        for (Scan& scan : scans_) {
            const std::uint64_t unclaimed = scan.end - scan.next;
            scan.end = scan.next;
            scan.unfinished -= unclaimed;
            scan.left_out += unclaimed;
            scan.cut.store(true, std::memory_order_relaxed);
        }
    }
    scan_done_.notify_one();
}

// Returns how many nonces were scanned.
std::uint64_t CpuDevice::scan_piece(Scan& scan, std::uint32_t first, std::uint64_t count,
                                    ScanResult& part) const {
    const std::uint64_t step = (count / kLooksPerPiece + kGrain - 1) / kGrain * kGrain;
    std::uint64_t done = 0;
    while (done < count && !scan.cut.load(std::memory_order_relaxed)) {
        const std::uint64_t now = std::min(std::max(step, kGrain), count - done);
        scan_(scan.input, first + static_cast<std::uint32_t>(done), now, part);
        done += now;
    }
    return done;
}

Scan* CpuDevice::unclaimed() {
    for (Scan& scan : scans_)
        if (scan.next < scan.end) return &scan;
    return nullptr;
}

Result<void> CpuDevice::start() {
    to_place_ = plan_.threads;
    for (unsigned i = 0; i < plan_.threads; ++i) workers_.emplace_back([this, i] { run(i); });
    std::unique_lock lock(mutex_);
    placed_.wait(lock, [this] { return to_place_ == 0; });
    return placing_;
}

// Placed before anything else: all that a worker writes to (its stack, with the kernel's schedule and the
// hits of a piece) is then first touched, and so allocated, on the NUMA node of its CPU. A scan's input is
// read once per piece.
void CpuDevice::run(unsigned number) {
    auto placed = place_thread(plan_, number);
    std::unique_lock lock(mutex_);
    if (!placed && placing_) placing_ = std::move(placed);
    if (--to_place_ == 0) placed_.notify_one();
    work(lock);
}

void CpuDevice::work(std::unique_lock<std::mutex>& lock) {
    for (;;) {
        Scan* scan = nullptr;
        work_ready_.wait(lock, [&] { return stopping_ || (scan = unclaimed()) != nullptr; });
        if (stopping_) return;
        const auto first = static_cast<std::uint32_t>(scan->next);
        const std::uint64_t count = std::min(scan->piece, scan->end - scan->next);
        scan->next += count;
        lock.unlock();
        ScanResult part;
        const std::uint64_t scanned = scan_piece(*scan, first, count, part);
        lock.lock();
        merge(scan->result, part);
        scan->left_out += count - scanned;
        scan->unfinished -= count;
        if (scan->unfinished == 0 && scan == &scans_.front()) {
            lock.unlock();  // so that the woken thread can take it at once
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

OpenedDevice make_device(const CpuKernel& kernel, const ThreadPlan& plan, double rate,
                         std::unique_ptr<Rapl> power) {
    try {
        auto device = std::make_unique<CpuDevice>(kernel, plan, rate, std::move(power));
        if (auto started = device->start(); !started) return tl::unexpected(started.error());
        return device;
    } catch (const std::system_error& failure) {
        return fail(ErrorKind::Device, std::string("no thread could be started: ") + failure.what(),
                    "device cpu", "fewer than " + std::to_string(plan.threads) + " threads");
    }
}

}  // namespace lode::backend::cpu
