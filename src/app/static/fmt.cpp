// The functions of libfmt, for programs that are linked without the shared library: Debian has no static one.
// Compiled header-only, what is used here is emitted here; the linker names what is missing.
#define FMT_HEADER_ONLY
#include <locale>

#include <fmt/format.h>

namespace lode::app {

// Never called. Everything is used that code compiled against the shared library leaves to it.
[[gnu::used]] std::string use_all_of_fmt(double real, float single, const std::locale& locale,
                                         unsigned count) {
    return fmt::format(locale, "{:L} {:L} {}", real, count, single) +
           fmt::vformat("{}", fmt::make_format_args(real)) +
           (fmt::detail::is_printable(count) ? "" : fmt::format("{:?}", std::string_view("x")));
}

// By their addresses, as a function with one caller is inlined and not emitted.
[[gnu::used]] void (*const kPrint)(fmt::string_view, fmt::format_args) = &fmt::vprint;
[[gnu::used]] std::locale (fmt::detail::locale_ref::*const kLocale)() const =
    &fmt::detail::locale_ref::get<std::locale>;

}  // namespace lode::app
