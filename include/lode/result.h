// Result<T>: a value or an Error.
#pragma once

#include <tl/expected.hpp>

#include "lode/error.h"

namespace lode {

template <typename T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, std::string what, std::string where = {},
                                                std::string expected = {}) {
    return tl::unexpected<Error>(Error{kind, std::move(what), std::move(where), std::move(expected)});
}

}  // namespace lode
