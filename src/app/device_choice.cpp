#include "app/device_choice.h"

namespace lode::app {

Result<std::vector<DeviceEntry>> choose_devices(std::string_view spec, const DeviceOptions& options) {
    return select_devices(spec, options).map_error([](const Error& error) {
        const bool of_name = error.kind == ErrorKind::Usage && error.where.empty();
        return of_name ? error.at("-d") : error;  // others name the option themselves
    });
}

}  // namespace lode::app
