#include "app/best_difficulty.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "chain/file.h"
#include "util/log.h"

namespace lode::app {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxBytes = 64;
constexpr double kMost = 0x1p224;  // 2^256 / 2^32: no hash has more

// 0 where there is no such file or its content is not a difficulty.
double read_best(const std::string& path) {
    const auto file = chain::File::open(path, chain::File::Mode::Read);
    if (!file) return 0;
    std::vector<std::uint8_t> bytes(kMaxBytes);
    const auto size = file->read(0, bytes);
    if (!size) return 0;
    const std::string text(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(*size));
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size() - 1 && *end == '\n';
    return whole && std::isfinite(value) && value > 0 && value <= kMost ? value : 0;
}

// Another lode may share the directory.
std::optional<Error> write_better(const std::string& path, double value) {
    const std::string text = fmt::format("{}\n", std::max(value, read_best(path)));
    return chain::write_whole(path, std::vector<std::uint8_t>(text.begin(), text.end()));
}

}  // namespace

BestDifficulty::BestDifficulty(const std::string& data_dir)
    : path_(data_dir + "/best-difficulty"), best_(read_best(path_)), written_(best_) {}

BestDifficulty::~BestDifficulty() {
    finish();
    write();
    finish();
}

void BestDifficulty::offer(double difficulty) {
    best_ = std::max(best_, difficulty);
    if (writing_.valid() && writing_.wait_for(0s) != std::future_status::ready) return;
    finish();
    write();
}

void BestDifficulty::write() {
    if (failed_ || best_ <= written_) return;
    written_ = best_;
    writing_ = std::async(std::launch::async, write_better, path_, best_);
}

void BestDifficulty::finish() {
    if (!writing_.valid()) return;
    const auto error = writing_.get();
    if (!error) return;
    failed_ = true;
    util::info("the best difficulty is not kept: {}", error->text());
}

}  // namespace lode::app
