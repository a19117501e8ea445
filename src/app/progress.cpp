#include "app/progress.h"

#include <algorithm>
#include <unistd.h>

#include <fmt/format.h>

#include "app/units.h"
#include "util/line_writer.h"

namespace lode::app {
namespace {

constexpr int kWidth = 30;  // characters
constexpr std::chrono::milliseconds kBetween{100};

}  // namespace

Progress::Progress(std::string title, std::string unit, bool quiet)
    : title_(std::move(title)), unit_(std::move(unit)), draws_(!quiet && ::isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
    if (drawn_once_) util::standard_streams().write(util::Stream::Error, "\r\033[K");
}

double Progress::seconds() const {
    return std::chrono::duration<double>(Clock::now() - start_).count();
}

void Progress::update(double fraction, std::uint64_t count) {
    const auto now = Clock::now();
    if (!draws_ || (drawn_once_ && now - drawn_ < kBetween)) return;
    drawn_ = now;
    drawn_once_ = true;
    fraction = std::clamp(fraction, 0.0, 1.0);
    const int full = static_cast<int>(fraction * kWidth);
    const double rate = static_cast<double>(count) / std::max(seconds(), 1e-3);
    util::standard_streams().write(
        util::Stream::Error,
        fmt::format("\r{} [{:#<{}}{:.<{}}] {:3.0f} %  {} {}  {}\033[K", title_, "", full, "", kWidth - full,
                    100 * fraction, count, unit_, count_text(rate, "/s")));
}

}  // namespace lode::app
