#include "backend/opencl/cl_device.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>
#include <vector>

#include "backend/opencl/wait.h"
#include "kernels/prepare.h"

namespace lode::backend::opencl {
namespace {

using std::chrono::milliseconds;

constexpr unsigned kQueues = 2;
constexpr std::uint64_t kMaxLaunch = std::uint64_t{1} << 31;  // nonces; the kernel counts in 32 bits

// What the kernel writes: see report() in scan.cl.
struct Output {
    std::uint32_t total_low, total_high;
    std::array<Hit, kMaxHits> hits;
};
static_assert(sizeof(kernels::Prepared) == 4 * (8 + 8 * 18 + 2));  // lode_prepared of scan.cl
static_assert(sizeof(Output) == 8 + 8 * kMaxHits);

ScanResult to_result(const Output& output) {
    ScanResult result;
    result.total = std::uint64_t{output.total_high} << 32 | output.total_low;
    std::copy_n(output.hits.begin(), result.kept(), result.hits.begin());
    return result;
}

}  // namespace

// All OpenCL objects, and the host memory that the driver reads or writes.
struct ClDevice::Session {
    struct Lane {
        cl::CommandQueue queue;
        cl::Kernel kernel;  // one per queue: arguments are part of the kernel object
        cl::Buffer input, output;
        kernels::Prepared host_input{};
        Output host_output{};
        cl::Event read;
        std::uint64_t hashes = 0;  // of the outstanding scan
    };

    cl::Context context;
    std::array<Lane, kQueues> lanes;
    std::size_t work_group = 1, vector = 1;
    unsigned next = 0, outstanding = 0;
};

Result<std::unique_ptr<ClDevice>> ClDevice::make(const cl::Context& context, const cl::Device& device,
                                                 const cl::Program& program, const Config& config,
                                                 DeviceInfo info, milliseconds timeout) {
    auto session = std::make_unique<Session>();
    session->context = context;
    session->work_group = config.work_group;
    session->vector = config.vector;
    for (auto& lane : session->lanes) {
        cl_int status = CL_SUCCESS;
        lane.queue = cl::CommandQueue(context, device, cl_command_queue_properties{0}, &status);
        if (status != CL_SUCCESS) return call_failed(status, "clCreateCommandQueue");
        lane.kernel = cl::Kernel(program, "scan", &status);
        if (status != CL_SUCCESS) return call_failed(status, "clCreateKernel");
        lane.input = cl::Buffer(context, CL_MEM_READ_ONLY, sizeof lane.host_input, nullptr, &status);
        if (status != CL_SUCCESS) return call_failed(status, "clCreateBuffer");
        lane.output = cl::Buffer(context, CL_MEM_READ_WRITE, sizeof lane.host_output, nullptr, &status);
        if (status != CL_SUCCESS) return call_failed(status, "clCreateBuffer");
        lane.kernel.setArg(0, lane.input);
        lane.kernel.setArg(1, lane.output);
        lane.kernel.setArg(
            4, cl_uint8{{1, 1u << 22, 1u << 29, 1u << 25, 1u << 15, 0, 0, 0}});  // powers of words.cl
    }
    info.in_flight = kQueues;
    info.granularity = std::uint64_t{config.work_group} * config.vector;
    info.kernel = describe(config);
    return std::unique_ptr<ClDevice>(new ClDevice(std::move(session), std::move(info), timeout));
}

ClDevice::ClDevice(std::unique_ptr<Session> session, DeviceInfo info, milliseconds timeout)
    : session_(std::move(session)), info_(std::move(info)), timeout_(timeout) {}

ClDevice::~ClDevice() {
    while (session_ && session_->outstanding > 0) static_cast<void>(collect());
}

void ClDevice::set_speed(unsigned variants, double rate) {
    info_.variants = variants;
    info_.rate = rate_ = rate;
}

Result<void> ClDevice::enqueue(const ScanInput& input, std::uint32_t first, std::uint64_t count) {
    if (input.variants < 1 || input.variants > kMaxVariants || count < 1 ||
        first + count > std::uint64_t{1} << 32)
        return fail(ErrorKind::Internal, "a scan out of range", "", "1 to 8 variants, nonces below 2^32");
    if (!session_ || session_->outstanding == kQueues)
        return fail(ErrorKind::Internal, "a scan for a device that has failed or is full");
    return launch(input, first, count);
}

Result<void> ClDevice::launch(const ScanInput& input, std::uint32_t first, std::uint64_t count) {
    auto& lane = session_->lanes[session_->next];
    lane.host_input = kernels::prepare(input);
    lane.host_output = {};
    lane.hashes = count * input.variants;

    const auto failed = [&](cl_int status, const char* call) { return abandon(call_failed(status, call)); };
    cl_int status =
        lane.queue.enqueueWriteBuffer(lane.input, CL_FALSE, 0, sizeof lane.host_input, &lane.host_input);
    if (status == CL_SUCCESS)
        status =
            lane.queue.enqueueWriteBuffer(lane.output, CL_FALSE, 0, 8, &lane.host_output);  // both totals
    if (status != CL_SUCCESS) return failed(status, "clEnqueueWriteBuffer");

    // A scan longer than requested is split: drivers kill a launch that blocks a display for too long.
    const double batches = 4 * std::chrono::duration<double>(info_.batch).count() * rate_ / input.variants;
    const auto wanted = static_cast<std::uint64_t>(std::clamp(batches, 1.0, double{kMaxLaunch}));
    const std::uint64_t most = std::min(kMaxLaunch, (wanted / info_.granularity + 1) * info_.granularity);
    const std::size_t group_nonces = session_->work_group * session_->vector;
    for (std::uint64_t done = 0; done < count;) {
        const std::uint64_t now = std::min(count - done, most);
        const std::size_t groups = (static_cast<std::size_t>(now) + group_nonces - 1) / group_nonces;
        lane.kernel.setArg(2, static_cast<cl_uint>(first + done));
        lane.kernel.setArg(3, static_cast<cl_uint>(now - 1));
        status = lane.queue.enqueueNDRangeKernel(lane.kernel, cl::NullRange,
                                                 cl::NDRange(groups * session_->work_group),
                                                 cl::NDRange(session_->work_group));
        if (status != CL_SUCCESS) return failed(status, "clEnqueueNDRangeKernel");
        done += now;
    }
    status = lane.queue.enqueueReadBuffer(lane.output, CL_FALSE, 0, sizeof lane.host_output,
                                          &lane.host_output, nullptr, &lane.read);
    if (status != CL_SUCCESS) return failed(status, "clEnqueueReadBuffer");
    status = lane.queue.flush();
    if (status != CL_SUCCESS) return failed(status, "clFlush");
    session_->next = (session_->next + 1) % kQueues;
    ++session_->outstanding;
    return {};
}

Result<ScanResult> ClDevice::collect() {
    if (!session_ || session_->outstanding == 0) return fail(ErrorKind::Internal, "nothing to collect");
    const unsigned oldest = (session_->next + kQueues - session_->outstanding) % kQueues;
    auto& lane = session_->lanes[oldest];
    // Both queues share the device with other programs: allow ten times the expected duration.
    double hashes = 0;
    for (const auto& each : session_->lanes) hashes += static_cast<double>(each.hashes);
    const double allowance = std::min(10 * hashes / rate_, 1e6);  // seconds
    // Some drivers finish compiling at the first launch.
    const auto limit =
        (answered_ ? 1 : 6) * timeout_ + milliseconds(static_cast<std::int64_t>(1000 * allowance));

    const auto status = wait_for(lane.read, limit);
    if (!status)
        return abandon(fail(ErrorKind::Device,
                            "no answer for " + std::to_string(limit.count()) + " ms: its queue hangs"));
    if (*status != CL_COMPLETE) return abandon(call_failed(*status, "a scan"));
    answered_ = true;
    lane.hashes = 0;
    lane.read = {};
    --session_->outstanding;
    return to_result(lane.host_output);
}

// After a failure the state of the queues is unknown, so objects that the driver may still use are leaked.
tl::unexpected<Error> ClDevice::abandon(tl::unexpected<Error> error) {
    static auto& left = *new std::vector<std::unique_ptr<Session>>;  // never destroyed
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    left.push_back(std::move(session_));
    return error;
}

}  // namespace lode::backend::opencl
