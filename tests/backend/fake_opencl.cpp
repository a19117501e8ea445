#include "backend/fake_opencl.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <vector>

#include "kernels/prepare.h"
#include "kernels/sha256_rounds.h"

namespace {

using lode::Hit;
using lode::kMaxHits;
using lode::fake_opencl::driver;
using lode::fake_opencl::Fault;
using lode::kernels::Prepared;

// Every handle is one of these; what it is for decides which members it uses.
struct Object {
    int references = 1;
    std::vector<std::byte> bytes;                   // a buffer
    std::vector<std::vector<std::byte>> arguments;  // a kernel
    cl_int status = CL_COMPLETE;                    // an event
    cl_int failed = CL_SUCCESS;                     // a queue: what its later commands answer

    Object() { ++driver().alive; }
    ~Object() { --driver().alive; }
    Object(const Object&) = delete;
    Object& operator=(const Object&) = delete;
};

template <class Handle>
Object& object(Handle handle) {
    return *reinterpret_cast<Object*>(handle);
}
template <class Handle>
Handle create(cl_int* status) {
    if (status != nullptr) *status = CL_SUCCESS;
    return reinterpret_cast<Handle>(new Object);
}
template <class Handle>
cl_int retain(Handle handle) {
    ++object(handle).references;
    return CL_SUCCESS;
}
template <class Handle>
cl_int release(Handle handle) {
    if (--object(handle).references == 0) delete &object(handle);
    return CL_SUCCESS;
}

cl_int give(const void* from, std::size_t size, std::size_t room, void* to, std::size_t* needed) {
    if (needed != nullptr) *needed = size;
    if (to == nullptr) return CL_SUCCESS;
    if (room < size) return CL_INVALID_VALUE;
    std::memcpy(to, from, size);
    return CL_SUCCESS;
}
template <class Value>
cl_int give(const Value& value, std::size_t room, void* to, std::size_t* needed) {
    return give(&value, sizeof value, room, to, needed);
}
cl_int give_text(const std::string& text, std::size_t room, void* to, std::size_t* needed) {
    return give(text.c_str(), text.size() + 1, room, to, needed);
}

cl_uint byte_swap(cl_uint x) {
    return x >> 24 | (x >> 8 & 0xff00) | (x << 8 & 0xff0000) | x << 24;
}

// As scan.cl does it.
void scan(const Prepared& prepared, std::vector<std::byte>& out, cl_uint first, std::uint64_t count) {
    cl_uint total = 0;
    std::memcpy(&total, out.data(), sizeof total);
    const auto report = [&](cl_uint nonce, cl_uint variant) {
        const cl_uint hit[2] = {nonce, variant};
        if (total < kMaxHits) std::memcpy(out.data() + 8 + std::size_t{8} * total, hit, sizeof hit);
        ++total;
    };
    for (std::uint64_t i = 0; i < count; ++i) {
        const cl_uint nonce = first + static_cast<cl_uint>(i), w3 = byte_swap(nonce);
        cl_uint kw[64], w[16];
        lode_schedule(&prepared.common, w3, kw);
        for (cl_uint v = 0; v < prepared.variants; ++v) {
            lode_first_hash(&prepared.common, &prepared.variant[v], w3, kw, w);
            if (byte_swap(lode_second_hash(w)) <= prepared.max_top) report(nonce, v);
        }
    }
    if (driver().fault == Fault::DropsHits) total = 0;
    if (driver().fault == Fault::InventsHits) report(first, 0);
    if (driver().fault == Fault::ManglesHits) {
        total = 0xfffffffe;
        std::fill(out.begin() + 8, out.end(), std::byte{0xa5});
    }
    std::memcpy(out.data(), &total, sizeof total);
}

// What a command answers at once; what is under way fails by its event.
cl_int accept(Object& queue) {
    if (driver().fault == Fault::Lost) queue.failed = CL_OUT_OF_RESOURCES;
    if (driver().fault == Fault::Resets) {
        queue.failed = CL_OUT_OF_RESOURCES;
        driver().fault = Fault::None;
        return CL_SUCCESS;
    }
    return driver().fault == Fault::Lost ? CL_OUT_OF_RESOURCES : CL_SUCCESS;
}

}  // namespace

lode::fake_opencl::Driver& lode::fake_opencl::driver() {
    static Driver one;
    return one;
}

extern "C" {

cl_int clGetPlatformIDs(cl_uint room, cl_platform_id* platforms, cl_uint* count) {
    if (room > 0 && platforms != nullptr) platforms[0] = reinterpret_cast<cl_platform_id>(&driver());
    if (count != nullptr) *count = 1;
    return CL_SUCCESS;
}
cl_int clGetPlatformInfo(cl_platform_id, cl_platform_info what, size_t room, void* to, size_t* needed) {
    return give_text(what == CL_PLATFORM_NAME      ? "Fake"
                     : what == CL_PLATFORM_VERSION ? "OpenCL 1.2 fake"
                                                   : "",
                     room, to, needed);
}
cl_int clGetDeviceIDs(cl_platform_id, cl_device_type, cl_uint room, cl_device_id* devices, cl_uint* count) {
    if (room > 0 && devices != nullptr) devices[0] = reinterpret_cast<cl_device_id>(&driver());
    if (count != nullptr) *count = 1;
    return CL_SUCCESS;
}
cl_int clGetDeviceInfo(cl_device_id, cl_device_info what, size_t room, void* to, size_t* needed) {
    switch (what) {
        case CL_DEVICE_TYPE:
            return give(cl_device_type{CL_DEVICE_TYPE_GPU}, room, to, needed);
        case CL_DEVICE_AVAILABLE:
        case CL_DEVICE_COMPILER_AVAILABLE:
        case CL_DEVICE_ENDIAN_LITTLE:
            return give(cl_bool{CL_TRUE}, room, to, needed);
        case CL_DEVICE_MAX_WORK_GROUP_SIZE:
            return give(std::size_t{64}, room, to, needed);
        case CL_DEVICE_NATIVE_VECTOR_WIDTH_INT:
        case CL_DEVICE_MAX_COMPUTE_UNITS:
            return give(cl_uint{1}, room, to, needed);
        case CL_DEVICE_PLATFORM:
            return give(reinterpret_cast<cl_platform_id>(&driver()), room, to, needed);
        case CL_DEVICE_NAME:
            return give_text("fake GPU", room, to, needed);
        case CL_DEVICE_VERSION:
            return give_text("OpenCL 1.2 fake", room, to, needed);
        default:
            return give_text("", room, to, needed);
    }
}
cl_int clRetainDevice(cl_device_id) {
    return CL_SUCCESS;
}
cl_int clReleaseDevice(cl_device_id) {
    return CL_SUCCESS;
}

cl_context clCreateContext(const cl_context_properties*, cl_uint, const cl_device_id*,
                           void(CL_CALLBACK*)(const char*, const void*, size_t, void*), void*,
                           cl_int* status) {
    if (driver().fault == Fault::Lost) return *status = CL_DEVICE_NOT_AVAILABLE, nullptr;
    return create<cl_context>(status);
}
cl_int clRetainContext(cl_context context) {
    return retain(context);
}
cl_int clReleaseContext(cl_context context) {
    return release(context);
}
cl_command_queue clCreateCommandQueue(cl_context, cl_device_id, cl_command_queue_properties, cl_int* status) {
    return create<cl_command_queue>(status);
}
cl_int clReleaseCommandQueue(cl_command_queue queue) {
    return release(queue);
}
cl_int clFlush(cl_command_queue) {
    return CL_SUCCESS;
}
cl_mem clCreateBuffer(cl_context, cl_mem_flags, size_t size, void*, cl_int* status) {
    if (driver().fault == Fault::OutOfMemory) return *status = CL_MEM_OBJECT_ALLOCATION_FAILURE, nullptr;
    const auto buffer = create<cl_mem>(status);
    object(buffer).bytes.resize(size);
    return buffer;
}
cl_int clReleaseMemObject(cl_mem buffer) {
    return release(buffer);
}

cl_program clCreateProgramWithSource(cl_context, cl_uint, const char**, const size_t*, cl_int* status) {
    return create<cl_program>(status);
}
cl_program clCreateProgramWithBinary(cl_context, cl_uint, const cl_device_id*, const size_t*,
                                     const unsigned char**, cl_int*, cl_int* status) {
    return create<cl_program>(status);
}
cl_int clBuildProgram(cl_program, cl_uint, const cl_device_id*, const char*,
                      void(CL_CALLBACK*)(cl_program, void*), void*) {
    return driver().fault == Fault::DoesNotCompile ? CL_BUILD_PROGRAM_FAILURE : CL_SUCCESS;
}
cl_int clGetProgramInfo(cl_program, cl_program_info, size_t, void*, size_t*) {
    return CL_INVALID_VALUE;  // no binaries
}
cl_int clGetProgramBuildInfo(cl_program, cl_device_id, cl_program_build_info, size_t room, void* to,
                             size_t* needed) {
    return give_text(driver().build_log, room, to, needed);
}
cl_int clRetainProgram(cl_program program) {
    return retain(program);
}
cl_int clReleaseProgram(cl_program program) {
    return release(program);
}
cl_kernel clCreateKernel(cl_program, const char*, cl_int* status) {
    const auto kernel = create<cl_kernel>(status);
    object(kernel).arguments.resize(5);
    return kernel;
}
cl_int clSetKernelArg(cl_kernel kernel, cl_uint index, size_t size, const void* value) {
    const auto* bytes = static_cast<const std::byte*>(value);
    object(kernel).arguments.at(index).assign(bytes, bytes + size);
    return CL_SUCCESS;
}
cl_int clReleaseKernel(cl_kernel kernel) {
    return release(kernel);
}

cl_int clEnqueueNDRangeKernel(cl_command_queue queue, cl_kernel kernel, cl_uint, const size_t*, const size_t*,
                              const size_t*, cl_uint, const cl_event*, cl_event*) {
    ++driver().launches;
    if (const cl_int status = accept(object(queue)); status != CL_SUCCESS) return status;
    if (object(queue).failed != CL_SUCCESS || driver().fault == Fault::Hangs) return CL_SUCCESS;
    const auto& arguments = object(kernel).arguments;
    cl_mem input = nullptr, output = nullptr;
    cl_uint first = 0, last = 0;
    std::memcpy(&input, arguments[0].data(), sizeof input);
    std::memcpy(&output, arguments[1].data(), sizeof output);
    std::memcpy(&first, arguments[2].data(), sizeof first);
    std::memcpy(&last, arguments[3].data(), sizeof last);
    Prepared prepared;
    std::memcpy(&prepared, object(input).bytes.data(), sizeof prepared);
    scan(prepared, object(output).bytes, first, std::uint64_t{last} + 1);
    return CL_SUCCESS;
}
cl_int clEnqueueWriteBuffer(cl_command_queue, cl_mem buffer, cl_bool, size_t offset, size_t size,
                            const void* from, cl_uint, const cl_event*, cl_event*) {
    auto& bytes = object(buffer).bytes;
    if (offset + size > bytes.size()) return CL_INVALID_VALUE;
    std::memcpy(bytes.data() + offset, from, size);
    return CL_SUCCESS;
}
cl_int clEnqueueReadBuffer(cl_command_queue queue, cl_mem buffer, cl_bool, size_t offset, size_t size,
                           void* to, cl_uint, const cl_event*, cl_event* event) {
    const auto& bytes = object(buffer).bytes;
    if (offset + size > bytes.size()) return CL_INVALID_VALUE;
    *event = create<cl_event>(nullptr);
    object(*event).status = driver().fault == Fault::Hangs ? CL_RUNNING : object(queue).failed;
    const bool reads = object(*event).status == CL_COMPLETE && driver().fault != Fault::ReturnsOldResults;
    if (reads) std::memcpy(to, bytes.data() + offset, size);
    return CL_SUCCESS;
}
cl_int clGetEventInfo(cl_event event, cl_event_info, size_t room, void* to, size_t* needed) {
    return give(object(event).status, room, to, needed);
}
cl_int clSetEventCallback(cl_event, cl_int, void(CL_CALLBACK*)(cl_event, cl_int, void*), void*) {
    return CL_INVALID_OPERATION;  // a driver without callbacks
}
cl_int clRetainEvent(cl_event event) {
    return retain(event);
}
cl_int clReleaseEvent(cl_event event) {
    return release(event);
}

}  // extern "C"
