// What an examination found: a row a rule.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lode::doctor {

enum class Verdict {
    Held,
    Noted,  // a fact, or what is allowed but surprises miners
    Broken,
};

struct Finding {
    std::string_view rule;    // its name, for programs
    std::string_view demand;  // what it demands, for people
    std::string_view source;  // where it is written
    Verdict verdict = Verdict::Held;
    std::string seen;  // printable
};

// A rule as it is declared once, beside the code that checks it.
struct Rule {
    std::string_view name, demand, source;
};

class Report {
 public:
    void held(const Rule& rule, std::string seen = {}) { add(rule, Verdict::Held, std::move(seen)); }
    void noted(const Rule& rule, std::string seen) { add(rule, Verdict::Noted, std::move(seen)); }
    void broken(const Rule& rule, std::string seen) { add(rule, Verdict::Broken, std::move(seen)); }
    // The one that a condition chooses; seen either way.
    void check(const Rule& rule, bool holds, std::string seen) {
        add(rule, holds ? Verdict::Held : Verdict::Broken, std::move(seen));
    }

    // In the order in which they were first looked at; of several looks the worst counts, else the last.
    [[nodiscard]] const std::vector<Finding>& findings() const { return findings_; }
    [[nodiscard]] bool all_held() const;

 private:
    void add(const Rule& rule, Verdict verdict, std::string seen);
    std::vector<Finding> findings_;
};

}  // namespace lode::doctor
