#include "app/version.h"

namespace lode::app {

std::string version_text() {
    return std::string("lode ") + LODE_VERSION + " (" + LODE_COMPILER + ", " + LODE_BUILD_TYPE + ")";
}

}  // namespace lode::app
