// What a pool says about work: difficulties and jobs, held against the rules.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "doctor/report.h"
#include "lode/job.h"
#include "source/stratum/job_factory.h"
#include "source/stratum/messages.h"

namespace lode::doctor {

struct JobExamOptions {
    std::string network;                      // "main", …; empty: addresses are shown as scripts
    std::string expect_addr;                  // as the user wrote it
    std::vector<std::uint8_t> expect_script;  // of it; empty: whoever is paid
    std::function<std::int64_t()> now;        // seconds since 1970
};

class JobExam {
 public:
    using TimePoint = std::chrono::steady_clock::time_point;

    JobExam(JobExamOptions options, Report& report) : options_(std::move(options)), report_(report) {}

    void extranonce(source::stratum::Extranonce extranonce) { terms_.extranonce = std::move(extranonce); }
    void version_mask(std::uint32_t mask) { terms_.version_mask = mask; }
    void difficulty(const nlohmann::json& params);
    void notify(const nlohmann::json& params, std::string_view line, TimePoint now);
    // Once no more jobs come.
    void conclude(TimePoint now);

    // The last job that could be read; null before the first.
    [[nodiscard]] const JobPtr& job() const { return job_; }
    // The last one on an earlier previous block; null where no new block came.
    [[nodiscard]] const JobPtr& stale_job() const { return stale_; }
    [[nodiscard]] bool any() const { return count_ > 0; }

 private:
    void check_types(const nlohmann::json& params);
    void check_order(const source::stratum::Notify& notify);

    JobExamOptions options_;
    Report& report_;
    source::stratum::Terms terms_;
    bool stated_ = false;  // a difficulty
    std::map<std::string, source::stratum::Notify> seen_;
    std::optional<source::stratum::Notify> last_;
    std::size_t count_ = 0;
    TimePoint first_{};
    JobPtr job_, stale_;
};

}  // namespace lode::doctor
