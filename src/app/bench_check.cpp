#include "app/bench_check.h"

#include <algorithm>
#include <array>
#include <random>
#include <tuple>

#include <fmt/format.h>

#include "kernels/cpu/kernels.h"

namespace lode::app {
namespace {

struct Range {
    std::uint32_t first;
    std::uint64_t count;
};

std::vector<std::pair<std::uint32_t, std::uint32_t>> sorted(const ScanResult& result) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> hits;
    for (std::size_t i = 0; i < result.kept(); ++i)
        hits.emplace_back(result.hits[i].nonce, result.hits[i].variant);
    std::ranges::sort(hits);
    return hits;
}

ScanInput random_input(std::mt19937& random, std::uint32_t variants) {
    ScanInput input;
    input.variants = variants;
    for (auto& midstate : input.midstate)
        for (auto& word : midstate) word = static_cast<std::uint32_t>(random());
    for (auto& word : input.tail) word = static_cast<std::uint32_t>(random());
    input.max_top = 0x00ffffff;  // one hash in 256
    return input;
}

}  // namespace

Result<std::uint64_t> compare_with_portable(Device& device) {
    constexpr std::array kRanges = {Range{0, 1},       Range{0, 256},          Range{1, 777},
                                    Range{77777, 900}, Range{0xffffff00, 256}, Range{0xffffffff, 1}};
    std::mt19937 random(2016);  // the same work each time
    std::uint64_t compared = 0;
    for (std::uint32_t variants = 1; variants <= kMaxVariants; ++variants)
        for (const auto& [first, count] : kRanges) {
            const ScanInput input = random_input(random, variants);
            if (auto queued = device.enqueue(input, first, count); !queued)
                return tl::unexpected(queued.error());
            auto collected = device.collect();
            if (!collected) return tl::unexpected(collected.error());
            ScanResult expected;
            kernels::scan_portable(input, first, count, expected);
            const auto& found = *collected;
            const bool same =
                found.total == expected.total && (expected.overflowed() || sorted(found) == sorted(expected));
            if (!same)
                return fail(ErrorKind::Device,
                            fmt::format("{} hits in nonces {} to {} with {} variants", found.total, first,
                                        first + count - 1, variants),
                            device.info().id, fmt::format("the portable kernel's {}", expected.total));
            compared += count * variants;
        }
    return compared;
}

}  // namespace lode::app
