#include "backend/opencl/wait.h"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace lode::backend::opencl {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Shared by the waiter and the driver's callback, which may run after the waiter has returned.
struct Completion {
    std::mutex mutex;
    std::condition_variable changed;
    bool done = false;
};

void CL_CALLBACK on_complete(cl_event /*event*/, cl_int /*status*/, void* user) {
    const std::unique_ptr<std::shared_ptr<Completion>> completion(
        static_cast<std::shared_ptr<Completion>*>(user));
    const std::lock_guard lock((*completion)->mutex);
    (*completion)->done = true;
    (*completion)->changed.notify_one();
}

std::optional<cl_int> final_status(const cl::Event& event) {
    cl_int status = CL_QUEUED;
    const cl_int asked = event.getInfo(CL_EVENT_COMMAND_EXECUTION_STATUS, &status);
    if (asked != CL_SUCCESS) return asked;
    if (status > CL_COMPLETE) return std::nullopt;
    return status;
}

}  // namespace

std::optional<cl_int> wait_for(const cl::Event& event, milliseconds timeout) {
    if (const auto status = final_status(event)) return status;
    const auto end = steady_clock::now() + timeout;
    const auto completion = std::make_shared<Completion>();
    auto user = std::make_unique<std::shared_ptr<Completion>>(completion);
    cl::Event watched = event;
    bool has_callback = watched.setCallback(CL_COMPLETE, on_complete, user.get()) == CL_SUCCESS;
    if (has_callback) static_cast<void>(user.release());  // the callback's now
    while (true) {
        // The status is polled nevertheless: for drivers without callbacks, or whose callbacks come too early
        // or never.
        const auto step = std::min(end, steady_clock::now() + milliseconds(has_callback ? 500 : 1));
        {
            std::unique_lock lock(completion->mutex);
            if (completion->changed.wait_until(lock, step, [&] { return completion->done; }))
                has_callback = completion->done = false;
        }
        if (const auto status = final_status(event)) return status;
        if (steady_clock::now() >= end) return std::nullopt;
    }
}

}  // namespace lode::backend::opencl
