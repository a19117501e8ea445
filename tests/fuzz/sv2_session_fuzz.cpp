// A hostile pool: the input is its frames, to a session that also submits shares. The first byte chooses the
// channel; then each frame is a byte of type, two of length and the payload. Type 0xff lets time pass
// instead.
#include <cstdint>
#include <cstdlib>

#include "source/sv2/session.h"
#include "work/roll.h"

using namespace lode;
using namespace lode::source::sv2;

namespace {

void check(bool good) {
    if (!good) std::abort();
}

// What the engine relies on, whatever the pool says.
void use(const Job& job) {
    check(job.extranonce1.size() + job.extranonce2_size <= 32);
    check(job.branch.size() <= 32);
    check(!job.share_target.is_zero() && !job.block_target.is_zero());
    check((job.version_mask & ~0x1fffe000u) == 0);
    check(job.space != nullptr);
    const auto claim = job.space->claim(1);
    if (claim) check(work::scan_input(job, claim->roll).variants <= kMaxVariants);
}

struct Talk {
    explicit Talk(SessionOptions options) : session(std::move(options), recent) {}

    void settle() {
        session.tick(now);
        for (auto& action : session.take_actions()) {
            if (auto* publish = std::get_if<action::Publish>(&action)) {
                use(*publish->job);
                submit(publish->job);
            } else if (auto* answer = std::get_if<action::Answer>(&action)) {
                answer->callback(answer->outcome);
            } else if (auto* say = std::get_if<action::Say>(&action)) {
                check(say->text.find('\x1b') == std::string::npos);
            } else if (auto* close = std::get_if<action::Close>(&action)) {
                check(close->error.text().find('\x1b') == std::string::npos);
            }
        }
    }
    void submit(const JobPtr& job) {
        if (submitted > 1000) return;
        Solution solution;
        solution.job = job;
        solution.extranonce2 = work::extranonce2(*job, 0);
        solution.header = work::header_of(*job, 0, 0);
        solution.version = solution.header.version;
        solution.block = submitted % 2 == 0;
        ++submitted;
        session.submit(
            solution, [this](const Outcome&) { ++answered; }, now);
    }

    lode::source::pool::RecentJobs recent;
    Session session;
    TimePoint now{std::chrono::seconds(1'000'000)};
    int submitted = 0, answered = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::span<const std::uint8_t> rest(data, size);
    if (rest.empty()) return 0;
    SessionOptions options;
    options.host = "pool.example";
    options.user = "bob";
    options.extended = (rest.front() & 1) != 0;
    options.version_mask = 0x1fffe000;
    rest = rest.subspan(1);
    Talk talk(options);
    talk.session.hashrate(1e6, talk.now);
    talk.session.connected(talk.now);
    while (rest.size() >= 3) {
        const std::size_t length =
            std::min<std::size_t>(static_cast<std::size_t>(rest[1] | rest[2] << 8), rest.size() - 3);
        if (rest[0] == 0xff) {
            talk.now += std::chrono::milliseconds(100) * static_cast<int>(length);
            rest = rest.subspan(3);
        } else {
            const auto payload = rest.subspan(3, length);
            talk.session.frame({.extension = 0,
                                .channel = true,
                                .type = rest[0],
                                .payload = {payload.begin(), payload.end()}},
                               talk.now);
            rest = rest.subspan(3 + length);
        }
        talk.settle();
    }
    talk.session.disconnected();
    talk.settle();
    talk.settle();  // shares submitted meanwhile are answered too
    check(talk.submitted == talk.answered);
    return 0;
}
