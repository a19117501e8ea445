#include "backend/cuda/session.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "kernels/prepare.h"

namespace lode::backend::cuda {
namespace {

using kernels::Prepared;
using kernels::cuda::Hits;

// Calls create(&handle) and, if it succeeds, gives the handle to its owner.
template <class Owner, class Create>
cudaError_t make(Owner& owner, Create create) {
    typename Owner::pointer handle = nullptr;
    const cudaError_t status = create(&handle);
    if (status == cudaSuccess) owner.reset(handle);
    return status;
}

// An input with only the variants first to first + count - 1.
ScanInput slice(const ScanInput& input, unsigned first, unsigned count) {
    ScanInput part = input;
    part.variants = count;
    std::copy_n(input.midstate.begin() + first, count, part.midstate.begin());
    return part;
}

// Bit set of GPUs that hang, for the life of the process.
std::atomic<std::uint64_t>& hanging() {
    static std::atomic<std::uint64_t> devices{0};
    return devices;
}

std::uint64_t bit(int device) {
    return std::uint64_t{1} << (device % 64);
}

}  // namespace

bool Session::hangs() const {
    return (hanging().load() & bit(device_)) != 0;
}

Result<std::unique_ptr<Session>> Session::open(int device, std::chrono::milliseconds timeout) {
    std::unique_ptr<Session> session(new Session(device, timeout));
    if (session->hangs()) return fail(ErrorKind::Device, "it hangs; restart lode, or the machine");
    if (auto set = check(cudaSetDevice(device), "cudaSetDevice"); !set) return tl::unexpected(set.error());
    for (Lane& lane : session->lanes_) {
        if (auto created = check(session->create(lane), "opening the device"); !created) {
            session->failed_ = true;
            return tl::unexpected(created.error());
        }
    }
    return session;
}

cudaError_t Session::create(Lane& lane) {
    auto status = make(lane.stream, [](cudaStream_t* stream) {
        return cudaStreamCreateWithFlags(stream, cudaStreamNonBlocking);
    });
    if (status == cudaSuccess)
        status = make(lane.began,
                      [](cudaEvent_t* event) { return cudaEventCreateWithFlags(event, cudaEventDefault); });
    if (status == cudaSuccess)
        status = make(lane.ended,
                      [](cudaEvent_t* event) { return cudaEventCreateWithFlags(event, cudaEventDefault); });
    if (status == cudaSuccess)
        status = make(lane.hits,
                      [](Hits** hits) { return cudaMalloc(reinterpret_cast<void**>(hits), sizeof(Hits)); });
    if (status == cudaSuccess)
        status = make(lane.result, [](ScanResult** result) {
            return cudaMallocHost(reinterpret_cast<void**>(result), sizeof(ScanResult));
        });
    return status;
}

Session::~Session() {
    if (hangs()) {
        for (Lane& lane : lanes_) {
            static_cast<void>(lane.stream.release());
            static_cast<void>(lane.began.release());
            static_cast<void>(lane.ended.release());
            static_cast<void>(lane.hits.release());
            static_cast<void>(lane.result.release());
        }
        return;
    }
    static_cast<void>(cudaSetDevice(device_));
    for (Lane& lane : lanes_) {
        if (lane.stream && !failed_) static_cast<void>(cudaStreamSynchronize(lane.stream.get()));
        lane = {};
    }
    // A kernel error is sticky: the context is unusable afterwards and must be reset. Only this GPU's.
    int current = -1;
    if (failed_ && cudaGetDevice(&current) == cudaSuccess && current == device_)
        static_cast<void>(cudaDeviceReset());
}

Result<void> Session::start(const ScanInput& input, std::uint32_t first, std::uint64_t count,
                            const Plan& plan, std::uint64_t piece) {
    const Lane& lane = lanes_[next_];
    cudaStream_t stream = lane.stream.get();
    auto status = cudaSetDevice(device_);
    if (status == cudaSuccess) status = cudaEventRecord(lane.began.get(), stream);
    if (status == cudaSuccess) status = cudaMemsetAsync(lane.hits.get(), 0, sizeof(Hits), stream);
    for (std::uint64_t done = 0; done < count && status == cudaSuccess; done += piece)
        status = launch(lane, input, static_cast<std::uint32_t>(first + done), std::min(piece, count - done),
                        plan);
    if (status == cudaSuccess)
        status =
            cudaMemcpyAsync(lane.result.get(), lane.hits.get(), sizeof(Hits), cudaMemcpyDeviceToHost, stream);
    if (status == cudaSuccess) status = cudaEventRecord(lane.ended.get(), stream);
    if (auto started = check(status, "starting a scan"); !started) {
        failed_ = true;
        return started;
    }
    next_ = (next_ + 1) % kLanes;
    ++outstanding_;
    return {};
}

cudaError_t Session::launch(const Lane& lane, const ScanInput& input, std::uint32_t first,
                            std::uint64_t count, const Plan& plan) {
    std::uint32_t variant = 0;
    for (const Step& step : plan.steps) {
        const auto& kernel = kernels::cuda::scan_kernels()[step.kernel];
        const std::uint32_t block_nonces = nonces_per_block(kernel.shape);
        const auto blocks = static_cast<unsigned>((count + block_nonces - 1) / block_nonces);
        Prepared prepared = kernels::prepare(slice(input, variant, step.variants));
        auto last = static_cast<std::uint32_t>(count - 1);
        Hits* hits = lane.hits.get();
        void* arguments[] = {&prepared, &first, &last, &variant, &hits};
        const auto status =
            cudaLaunchKernel(kernel.function, dim3(blocks), dim3(static_cast<unsigned>(kernel.shape.block)),
                             arguments, 0, lane.stream.get());
        if (status != cudaSuccess) return status;
        variant += step.variants;
    }
    return cudaSuccess;
}

// Polls instead of calling cudaEventSynchronize(), which has no timeout. The other lane's scan runs
// meanwhile, so the GPU is not idle.
cudaError_t Session::wait(const Lane& lane) {
    constexpr std::chrono::microseconds kPause{300};
    const auto deadline = std::chrono::steady_clock::now() + timeout_;
    cudaError_t status = cudaEventQuery(lane.ended.get());
    while (status == cudaErrorNotReady && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(kPause);
        status = cudaEventQuery(lane.ended.get());
    }
    return status;
}

Result<ScanResult> Session::finish() {
    const unsigned oldest = (next_ + kLanes - outstanding_) % kLanes;
    auto status = cudaSetDevice(device_);
    if (status == cudaSuccess) status = wait(lanes_[oldest]);
    if (status == cudaErrorNotReady) {
        failed_ = true;
        hanging().fetch_or(bit(device_));
        return fail(ErrorKind::Device, "no answer for " + std::to_string(timeout_.count() / 1000) + " s", "",
                    "a scan takes a fraction of a second");
    }
    if (auto scanned = check(status, "a scan"); !scanned) {
        failed_ = true;
        return tl::unexpected(scanned.error());
    }
    last_ = oldest;
    --outstanding_;
    return *lanes_[oldest].result;
}

Result<double> Session::seconds() const {
    float milliseconds = 0;
    const auto status =
        cudaEventElapsedTime(&milliseconds, lanes_[last_].began.get(), lanes_[last_].ended.get());
    if (auto measured = check(status, "cudaEventElapsedTime"); !measured)
        return tl::unexpected(measured.error());
    return milliseconds / 1e3;
}

}  // namespace lode::backend::cuda
