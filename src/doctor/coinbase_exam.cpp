#include "doctor/coinbase_exam.h"

#include <cmath>

#include <fmt/format.h>

#include "doctor/payout.h"
#include "work/coinbase.h"
#include "work/roll.h"

namespace lode::doctor {
namespace {

constexpr Rule kTime{"ntime", "nTime is within two hours of the clock",
                     "Bitcoin Core, MAX_FUTURE_BLOCK_TIME"};
constexpr Rule kCoinbase{"coinbase", "coinbase1, extranonces and coinbase2 are one transaction of one input",
                         "Bitcoin Core, CheckTransaction"};
constexpr Rule kScript{"coinbase-script", "the coinbase's script has 2 to 100 bytes",
                       "Bitcoin Core, bad-cb-length"};
constexpr Rule kHeight{"height", "the coinbase's script begins with the height", "BIP 34"};
constexpr Rule kPays{"pays", "whom the coinbase pays", "its outputs"};
constexpr Rule kExpected{"expect-addr", "the coinbase pays the expected address", "--expect-addr"};

constexpr std::int64_t kMaxClock = 2 * 3600;  // seconds

}  // namespace

void examine_time(std::uint32_t time, const JobExamOptions& options, Report& report) {
    const std::int64_t ahead = std::int64_t{time} - options.now();
    report.check(kTime, std::abs(ahead) <= kMaxClock,
                 fmt::format("{} s {}", std::abs(ahead), ahead < 0 ? "behind" : "ahead"));
}

void examine_coinbase(const Job& job, const JobExamOptions& options, Report& report) {
    const auto raw = work::coinbase(job, std::vector<std::uint8_t>(job.extranonce2_size));
    const auto coinbase = read_coinbase(raw);
    if (!coinbase)
        return report.broken(kCoinbase, fmt::format("{} bytes that are no such transaction", raw.size()));
    report.held(kCoinbase, fmt::format("{} bytes", raw.size()));
    report.check(kScript, coinbase->script_size >= 2 && coinbase->script_size <= work::kMaxCoinbaseScript,
                 fmt::format("{} bytes", coinbase->script_size));
    const auto height = work::coinbase_height(job.coinbase1);
    report.check(kHeight, height.has_value(),
                 height ? std::to_string(*height) : "no minimal push of a number");
    report.held(kPays, payments_text(*coinbase, options.network));
    if (options.expect_script.empty()) return;
    std::uint64_t sum = 0;
    bool paid = false;
    for (const auto& output : coinbase->outputs)
        if (output.script == options.expect_script) {
            paid = true;
            sum += output.value;
        }
    report.check(
        kExpected, paid && sum > 0,
        paid ? fmt::format("{}.{:08} to {}", sum / 100'000'000, sum % 100'000'000, options.expect_addr)
             : "nothing to " + options.expect_addr);
}

}  // namespace lode::doctor
