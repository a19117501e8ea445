#include "app/device_choice.h"

namespace lode::app {

Result<std::vector<DeviceEntry>> choose_devices(std::string_view spec, const DeviceOptions& options) {
    return select_devices(spec, options).map_error([](const Error& error) {
        return error.kind == ErrorKind::Usage ? error.at("-d") : error;
    });
}

}  // namespace lode::app
