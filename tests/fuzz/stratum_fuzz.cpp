// A hostile pool: the input is what it sends, line by line, to a session that also submits shares. A line
// that begins with '~' lets time pass instead, up to 255 times two seconds.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "source/stratum/session.h"
#include "work/roll.h"

using namespace lode;
using namespace lode::source::stratum;

namespace {

void check(bool good) {
    if (!good) std::abort();
}

// What the engine relies on, whatever the pool says.
void use(const Job& job) {
    check(job.extranonce2_size <= kMaxExtranonce2);
    check(job.branch.size() <= kMaxBranch);
    check(!job.share_target.is_zero() && !job.block_target.is_zero());
    check((job.version_mask & ~0x1fffe000u) == 0);
    check(job.space != nullptr);
    const auto claim = job.space->claim(1);
    if (claim) check(work::scan_input(job, claim->roll).variants <= kMaxVariants);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    SessionOptions options;
    options.host = "stratum.pool.example";
    options.user = "bob";
    options.password = "hunter2";
    options.version_mask = 0x1fffe000;
    lode::source::pool::RecentJobs recent;
    Session session(options, recent);
    TimePoint now{std::chrono::seconds(1'000'000)};
    int submitted = 0, answered = 0;
    std::size_t said = 0;
    const auto settle = [&] {
        session.settle(now);
        for (auto& action : session.take_actions()) {
            if (auto* publish = std::get_if<action::Publish>(&action)) {
                use(*publish->job);
                if (submitted > 1000) continue;
                Solution solution;
                solution.job = publish->job;
                solution.extranonce2 = work::extranonce2(*publish->job, 0);
                solution.header = work::header_of(*publish->job, 0, 0);
                solution.version = solution.header.version;
                solution.difficulty = publish->job->difficulty;
                ++submitted;
                session.submit(
                    solution, [&](const Outcome&) { ++answered; }, now);
            } else if (auto* answer = std::get_if<action::Answer>(&action)) {
                answer->callback(answer->outcome);
            } else if (auto* send = std::get_if<action::Send>(&action)) {
                check(send->line.find('\n') == std::string::npos);
                check(send->shown.find("hunter2") == std::string::npos);
            } else if (auto* say = std::get_if<action::Say>(&action)) {
                said += 1;
                check(say->text.find('\x1b') == std::string::npos);
            }
        }
    };
    session.connected(now);
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        const std::string_view line = rest.substr(0, end);
        if (line.starts_with('~')) {
            now += std::chrono::seconds(line.size() > 1 ? 2 * static_cast<std::uint8_t>(line[1]) : 1);
        } else {
            session.line(line, now);
        }
        settle();
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    session.disconnected();
    settle();
    settle();  // shares submitted meanwhile are answered too
    check(submitted == answered);
    return 0;
}
