// A hostile template provider: the input is its frames, to a session that also finds blocks. Each frame is a
// byte of type, two of length and the payload. Type 0xff lets time pass instead.
#include <cstdint>
#include <cstdlib>

#include <boost/asio/io_context.hpp>

#include "source/provider/provider_session.h"
#include "work/roll.h"

using namespace lode;
using namespace lode::source;
using namespace lode::source::provider;

namespace {

void check(bool good) {
    if (!good) std::abort();
}

// What the engine relies on, whatever the provider says.
void use(const Job& job) {
    check(job.branch.size() <= 32 && job.height > 0);
    check(!job.block_target.is_zero() && job.share_target == job.block_target);
    check((job.version_mask & ~0x1fffe000u) == 0);
    const auto claim = job.space->claim(1);
    if (claim) check(work::scan_input(job, claim->roll).variants <= kMaxVariants);
}

struct Talk {
    explicit Talk(const SessionOptions& options) : session(options, blocks, actions) {}

    void settle() {
        blocks.tick(now);
        session.tick(now);
        for (auto& action : std::exchange(actions, {})) {
            if (auto* publish = std::get_if<action::Publish>(&action)) {
                use(*publish->job);
                find(publish->job);
            } else if (auto* answer = std::get_if<action::Answer>(&action)) {
                answer->callback(answer->outcome);
            } else if (auto* say = std::get_if<action::Say>(&action)) {
                check(say->text.find('\x1b') == std::string::npos);
            } else if (auto* close = std::get_if<action::Close>(&action)) {
                check(close->error.text().find('\x1b') == std::string::npos);
            }
        }
    }
    void find(const JobPtr& job) {
        if (!finding || found >= 100) return;
        Solution solution;
        solution.job = job;
        solution.extranonce2 = work::extranonce2(*job, 0);
        solution.header = work::header_of(*job, 0, 0);
        solution.version = solution.header.version;
        ++found;
        blocks.add(
            solution, [this](const Outcome&) { ++answered; }, now);
        session.found();
    }

    static inline boost::asio::io_context io;
    static inline net::DiskThread disk{io.get_executor()};
    std::vector<Action> actions;
    FoundBlocks blocks{{"regtest", "provider"}, "/dev/null/no-folder", disk, actions};
    Session session;
    TimePoint now{std::chrono::seconds(1'000'000)};
    bool finding = true;
    int found = 0, answered = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::span<const std::uint8_t> rest(data, size);
    SessionOptions options;
    options.script = std::vector<std::uint8_t>(22, 1);
    options.tag = "/lode/";
    options.network = "regtest";
    options.version_mask = 0x1fffe000;
    Talk talk(options);
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
                                .channel = false,
                                .type = rest[0],
                                .payload = {payload.begin(), payload.end()}},
                               talk.now);
            rest = rest.subspan(3 + length);
        }
        talk.settle();
    }
    talk.finding = false;
    talk.settle();
    talk.blocks.stop();
    talk.settle();
    check(talk.found == talk.answered);
    return 0;
}
