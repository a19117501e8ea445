// The OpenCL calls used here, forwarded to the ICD loader, which is loaded at the first call: so lode can be
// built and started on a machine without one.
#include <dlfcn.h>

#include "backend/opencl/cl.h"

namespace {

void* loader() {
    static void* const handle = dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_LOCAL);
    return handle;
}

// Functions loaded already, such as those of a simulator or tracer, take precedence. Without a loader there
// are no platforms and so no other calls; every loader of version 1.2 has all functions used here.
template <typename Function>
Function find(const char* name) {
    void* symbol = dlsym(RTLD_NEXT, name);
    if (symbol == nullptr && loader() != nullptr) symbol = dlsym(loader(), name);
    return reinterpret_cast<Function>(symbol);
}

}  // namespace

#define FORWARD(result, name, parameters, arguments)                 \
    CL_API_ENTRY result CL_API_CALL name parameters {                \
        static const auto function = find<decltype(&(name))>(#name); \
        return function arguments;                                   \
    }
#define FORWARD_HANDLE(name, type) FORWARD(cl_int, name, (type handle), (handle))
#define FORWARD_INFO(name, type, info)                                                               \
    FORWARD(cl_int, name, (type object, info what, size_t size, void* value, size_t* size_of_value), \
            (object, what, size, value, size_of_value))

using BuildDone = void(CL_CALLBACK*)(cl_program, void*);
using ContextError = void(CL_CALLBACK*)(const char*, const void*, size_t, void*);
using EventDone = void(CL_CALLBACK*)(cl_event, cl_int, void*);

extern "C" {

constexpr cl_int kPlatformNotFoundKhr = -1001;  // cl_khr_icd

CL_API_ENTRY cl_int CL_API_CALL clGetPlatformIDs(cl_uint capacity, cl_platform_id* platforms,
                                                 cl_uint* count) {
    static const auto function = find<decltype(&clGetPlatformIDs)>("clGetPlatformIDs");
    if (function == nullptr) return kPlatformNotFoundKhr;
    return function(capacity, platforms, count);
}
FORWARD_INFO(clGetPlatformInfo, cl_platform_id, cl_platform_info)
FORWARD(cl_int, clGetDeviceIDs,
        (cl_platform_id platform, cl_device_type type, cl_uint capacity, cl_device_id* devices,
         cl_uint* count),
        (platform, type, capacity, devices, count))
FORWARD_INFO(clGetDeviceInfo, cl_device_id, cl_device_info)
FORWARD_HANDLE(clRetainDevice, cl_device_id)
FORWARD_HANDLE(clReleaseDevice, cl_device_id)

FORWARD(cl_context, clCreateContext,
        (const cl_context_properties* properties, cl_uint count, const cl_device_id* devices,
         ContextError report, void* user, cl_int* status),
        (properties, count, devices, report, user, status))
FORWARD_HANDLE(clRetainContext, cl_context)
FORWARD_HANDLE(clReleaseContext, cl_context)
FORWARD(cl_command_queue, clCreateCommandQueue,
        (cl_context context, cl_device_id device, cl_command_queue_properties properties, cl_int* status),
        (context, device, properties, status))
FORWARD_HANDLE(clReleaseCommandQueue, cl_command_queue)
FORWARD_HANDLE(clFlush, cl_command_queue)
FORWARD(cl_mem, clCreateBuffer,
        (cl_context context, cl_mem_flags flags, size_t size, void* host, cl_int* status),
        (context, flags, size, host, status))
FORWARD_HANDLE(clReleaseMemObject, cl_mem)

FORWARD(cl_program, clCreateProgramWithSource,
        (cl_context context, cl_uint count, const char** texts, const size_t* sizes, cl_int* status),
        (context, count, texts, sizes, status))
FORWARD(cl_program, clCreateProgramWithBinary,
        (cl_context context, cl_uint count, const cl_device_id* devices, const size_t* sizes,
         const unsigned char** binaries, cl_int* taken, cl_int* status),
        (context, count, devices, sizes, binaries, taken, status))
FORWARD(cl_int, clBuildProgram,
        (cl_program program, cl_uint count, const cl_device_id* devices, const char* options, BuildDone done,
         void* user),
        (program, count, devices, options, done, user))
FORWARD_INFO(clGetProgramInfo, cl_program, cl_program_info)
FORWARD(cl_int, clGetProgramBuildInfo,
        (cl_program program, cl_device_id device, cl_program_build_info what, size_t size, void* value,
         size_t* size_of_value),
        (program, device, what, size, value, size_of_value))
FORWARD_HANDLE(clRetainProgram, cl_program)
FORWARD_HANDLE(clReleaseProgram, cl_program)

FORWARD(cl_kernel, clCreateKernel, (cl_program program, const char* name, cl_int* status),
        (program, name, status))
FORWARD(cl_int, clSetKernelArg, (cl_kernel kernel, cl_uint index, size_t size, const void* value),
        (kernel, index, size, value))
FORWARD_HANDLE(clReleaseKernel, cl_kernel)

FORWARD(cl_int, clEnqueueNDRangeKernel,
        (cl_command_queue queue, cl_kernel kernel, cl_uint dimensions, const size_t* offset,
         const size_t* global, const size_t* local, cl_uint count, const cl_event* after, cl_event* event),
        (queue, kernel, dimensions, offset, global, local, count, after, event))
FORWARD(cl_int, clEnqueueReadBuffer,
        (cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size, void* to,
         cl_uint count, const cl_event* after, cl_event* event),
        (queue, buffer, blocking, offset, size, to, count, after, event))
FORWARD(cl_int, clEnqueueWriteBuffer,
        (cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size,
         const void* from, cl_uint count, const cl_event* after, cl_event* event),
        (queue, buffer, blocking, offset, size, from, count, after, event))

FORWARD_INFO(clGetEventInfo, cl_event, cl_event_info)
FORWARD(cl_int, clSetEventCallback, (cl_event event, cl_int status, EventDone done, void* user),
        (event, status, done, user))
FORWARD_HANDLE(clRetainEvent, cl_event)
FORWARD_HANDLE(clReleaseEvent, cl_event)
}
