// What the tests of both protocols' examinations share.
#pragma once

#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <string_view>

#include "doctor/pool_exam.h"
#include "work/address.h"

namespace lode::doctor {

inline constexpr const char* kAddress = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";

inline PoolExamOptions exam_options(std::int64_t now) {
    PoolExamOptions options;
    options.user = "w";
    options.password = "x";
    options.job.network = "regtest";
    options.job.expect_addr = kAddress;
    options.job.expect_script = work::parse_address(kAddress)->script;
    options.job.now = [now] { return now; };
    return options;
}

struct Examined {
    Report report;
    std::optional<Error> failed;

    [[nodiscard]] std::set<std::string> broken() const {
        std::set<std::string> rules;
        for (const auto& f : report.findings())
            if (f.verdict == Verdict::Broken) rules.emplace(f.rule);
        return rules;
    }
    [[nodiscard]] std::string seen(std::string_view rule) const {
        for (const auto& f : report.findings())
            if (f.rule == rule) return f.seen;
        return "not looked at";
    }
};

// Planted in a scripted pool, and how the report names it.
template <typename Pool>
struct Fault {
    const char* rule;
    const char* seen;
    void (*plant)(Pool&);
};

template <typename Pool>
void PrintTo(const Fault<Pool>& fault, std::ostream* out) {
    *out << fault.rule;
}

}  // namespace lode::doctor
