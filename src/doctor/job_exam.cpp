#include "doctor/job_exam.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "doctor/coinbase_exam.h"
#include "util/hex.h"
#include "work/roll.h"

namespace lode::doctor {
namespace {

using nlohmann::json;
using source::stratum::Notify;

constexpr const char* kStratum = "Stratum V1 (Slush Pool's documents)";
constexpr Rule kDifficulty{"difficulty", "mining.set_difficulty carries one number above 0", kStratum};
constexpr Rule kStated{"difficulty-stated", "a difficulty is stated before the first job, else it is 1",
                       kStratum};
constexpr Rule kTypes{
    "notify-types",
    "mining.notify carries nine values: a string, seven in lower hex of full length, a boolean", kStratum};
constexpr Rule kNotify{"notify", "mining.notify can be mined", kStratum};
constexpr Rule kJobId{"job-id", "a job id names one job", kStratum};
constexpr Rule kClean{"clean-jobs", "clean_jobs is true for the first job and on a new previous block",
                      kStratum};
constexpr Rule kVersion{"version-bits", "the job's version has no bits inside the mask, or XOR and OR differ",
                        "BIP 310"};
constexpr Rule kRate{"job-rate", "how often jobs come", "counted"};

constexpr std::size_t kMaxJobs = 10'000;

bool lower_hex(const json& value, std::size_t digits) {
    if (!value.is_string()) return false;
    const auto& text = value.get_ref<const std::string&>();
    return (digits == 0 ? text.size() % 2 == 0 : text.size() == digits) &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string shown(const json& value) {
    return util::printable(value.dump(-1, ' ', false, json::error_handler_t::replace), 60);
}

}  // namespace

void JobExam::difficulty(const json& params) {
    const bool right = params.is_array() && params.size() == 1 && params[0].is_number() &&
                       std::isfinite(params[0].get<double>()) && params[0].get<double>() > 0;
    report_.check(kDifficulty, right, shown(params));
    if (!right) return;
    terms_.difficulty = params[0].get<double>();
    stated_ = true;
}

void JobExam::notify(const json& params, std::string_view line, TimePoint now) {
    check_types(params);
    if (count_ == 0) {
        first_ = now;
        if (stated_)
            report_.held(kStated, fmt::format("{:g}", terms_.difficulty));
        else
            report_.noted(kStated, "none: 1 holds");
    }
    if (++count_ > kMaxJobs) return;
    const auto message = source::stratum::parse_line(line);
    const auto* notify = message ? std::get_if<Notify>(&*message) : nullptr;
    if (notify == nullptr)
        return report_.broken(kNotify, message ? "not a notification" : message.error().text());
    check_order(*notify);
    examine_time(notify->time, options_, report_);
    auto job = source::stratum::draft_job(*notify, terms_);
    if (!job) return report_.broken(kNotify, job.error().text());
    report_.held(kNotify, "job " + util::printable(notify->job_id, 40));
    if ((notify->version & terms_.version_mask) != 0)
        report_.noted(kVersion,
                      fmt::format("version {:08x}, mask {:08x}", notify->version, terms_.version_mask));
    job->network = options_.network;
    examine_coinbase(*job, options_, report_);
    if (last_ && notify->prev != last_->prev) stale_ = job_;
    last_ = *notify;
    job_ = work::seal(std::move(*job));
}

void JobExam::check_types(const json& params) {
    if (!params.is_array() || params.size() != 9)
        return report_.broken(kTypes,
                              params.is_array() ? fmt::format("{} values", params.size()) : shown(params));
    struct Place {
        const char* name;
        bool right;
    };
    const bool branch = params[4].is_array() &&
                        std::ranges::all_of(params[4], [](const json& h) { return lower_hex(h, 64); });
    const Place places[] = {{"job id", params[0].is_string()},
                            {"prevhash", lower_hex(params[1], 64)},
                            {"coinbase1", lower_hex(params[2], 0)},
                            {"coinbase2", lower_hex(params[3], 0)},
                            {"merkle branch", branch},
                            {"version", lower_hex(params[5], 8)},
                            {"nbits", lower_hex(params[6], 8)},
                            {"ntime", lower_hex(params[7], 8)},
                            {"clean_jobs", params[8].is_boolean()}};
    for (std::size_t i = 0; i < 9; ++i)
        if (!places[i].right)
            return report_.broken(kTypes, std::string(places[i].name) + " " + shown(params[i]));
    report_.held(kTypes);
}

// A job that comes again word for word is a reminder, not new work.
void JobExam::check_order(const Notify& notify) {
    const auto [known, fresh] = seen_.try_emplace(notify.job_id, notify);
    Notify same = notify;
    same.clean = known->second.clean;
    const std::string id = util::printable(notify.job_id, 40);
    report_.check(
        kJobId, fresh || same == known->second,
        fresh ? std::to_string(seen_.size()) + " ids" : "job " + id + " came again with other content");
    if (!last_)
        report_.check(kClean, notify.clean, notify.clean ? "true first" : "false for the first job, " + id);
    else if (notify.prev != last_->prev)
        report_.check(kClean, notify.clean,
                      "job " + id + " on a new previous block says " + (notify.clean ? "true" : "false"));
    else if (notify.clean && fresh)
        report_.noted(kClean, "true on the same previous block: earlier shares are thrown away");
}

void JobExam::conclude(TimePoint now) {
    if (count_ == 0) return;
    const double seconds = std::chrono::duration<double>(now - first_).count();
    report_.held(kRate, fmt::format("{} in {:.1f} s", count_, seconds));
}

}  // namespace lode::doctor
