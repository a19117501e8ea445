#include "backend/opencl/wait.h"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace lode::backend::opencl {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Shared by the waiter and the driver's callback, which may come after the waiter has left.
struct Bell {
    std::mutex mutex;
    std::condition_variable rung;
    bool done = false;
};

void CL_CALLBACK ring(cl_event /*event*/, cl_int /*status*/, void* user) {
    const std::unique_ptr<std::shared_ptr<Bell>> bell(static_cast<std::shared_ptr<Bell>*>(user));
    const std::lock_guard lock((*bell)->mutex);
    (*bell)->done = true;
    (*bell)->rung.notify_one();
}

std::optional<cl_int> final_status(const cl::Event& event) {
    cl_int status = CL_QUEUED;
    const cl_int asked = event.getInfo(CL_EVENT_COMMAND_EXECUTION_STATUS, &status);
    if (asked != CL_SUCCESS) return asked;
    if (status > CL_COMPLETE) return std::nullopt;
    return status;
}

}  // namespace

std::optional<cl_int> wait_for(const cl::Event& event, milliseconds patience) {
    if (const auto status = final_status(event)) return status;
    const auto end = steady_clock::now() + patience;
    const auto bell = std::make_shared<Bell>();
    auto user = std::make_unique<std::shared_ptr<Bell>>(bell);
    cl::Event watched = event;
    bool has_bell = watched.setCallback(CL_COMPLETE, ring, user.get()) == CL_SUCCESS;
    if (has_bell) static_cast<void>(user.release());  // the callback's now
    while (true) {
        // The status is looked at now and then all the same: a driver without callbacks, or with ones that
        // come too early or never, only makes this coarser.
        const auto step = std::min(end, steady_clock::now() + milliseconds(has_bell ? 500 : 1));
        {
            std::unique_lock lock(bell->mutex);
            if (bell->rung.wait_until(lock, step, [&] { return bell->done; })) has_bell = bell->done = false;
        }
        if (const auto status = final_status(event)) return status;
        if (steady_clock::now() >= end) return std::nullopt;
    }
}

}  // namespace lode::backend::opencl
