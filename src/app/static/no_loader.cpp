// A static program must not load libraries of a system whose C library may be another: it has no loader, and
// so no GPU drivers.
#include <dlfcn.h>

extern "C" {

void* dlopen(const char*, int) noexcept {
    return nullptr;
}

void* dlsym(void*, const char*) noexcept {
    return nullptr;
}

int dlclose(void*) noexcept {
    return 0;
}

char* dlerror() noexcept {
    static char text[] = "a static program loads no drivers";
    return text;
}

}  // extern "C"
