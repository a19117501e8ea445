#include "doctor/report.h"

#include <algorithm>

namespace lode::doctor {

void Report::add(const Rule& rule, Verdict verdict, std::string seen) {
    const auto known = std::ranges::find(findings_, rule.name, &Finding::rule);
    if (known == findings_.end()) {
        findings_.push_back({rule.name, rule.demand, rule.source, verdict, std::move(seen)});
    } else if (verdict >= known->verdict && known->verdict != Verdict::Broken) {
        known->verdict = verdict;
        known->seen = std::move(seen);
    }
}

bool Report::all_held() const {
    return std::ranges::none_of(findings_, [](const Finding& f) { return f.verdict == Verdict::Broken; });
}

}  // namespace lode::doctor
