#include "source/stratum/idle_watch.h"

#include <algorithm>

#include <fmt/format.h>

namespace lode::source::stratum {
namespace {

Error idle(const char* what, std::chrono::milliseconds time, std::string because = {}) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
    return {ErrorKind::Unreachable, fmt::format("{} {} s{}", what, seconds, because), {}, {}};
}

}  // namespace

std::optional<Error> IdleWatch::check(TimePoint now, TimePoint completed, TimePoint last_accepted) const {
    if (!has_job_ && now - completed > timeouts_.first_job)
        return idle("no job within", timeouts_.first_job,
                    bad_job_ ? ": the last mining.notify was not understood: " + bad_job_->text()
                             : ": the pool accepted the user, but sent no mining.notify");
    if (now - last_line_ > timeouts_.silence) return idle("silent for", timeouts_.silence);
    if (now - std::max(last_job_, last_accepted) > timeouts_.job)
        return idle("no new job for", timeouts_.job);
    return std::nullopt;
}

}  // namespace lode::source::stratum
