#include "doctor/chain_check.h"

#include <utility>

#include "util/clock.h"
#include "work/judge.h"

namespace lode::doctor {
namespace {

using namespace std::chrono_literals;

constexpr Rule kChain{"chain", "the work builds on the tip of the chain with the most work", "--peer"};
constexpr auto kLook = 100ms, kWait = 20'000ms;

}  // namespace

ChainCheck::ChainCheck(SourceOptions options, const boost::asio::any_io_executor& executor)
    : options_(std::move(options)), watches_(options_, executor, [](const Event&) {}), timer_(executor) {}

void ChainCheck::start(JobPtr job, Report& report, std::function<void()> done) {
    if (options_.peers.empty() || !job) return done();
    const auto watch = watches_.of(job->network, job->signet_challenge);
    if (!watch || *watch == nullptr) {
        report.noted(kChain, "not looked at: " + (watch ? "no network is named" : watch.error().text()));
        return done();
    }
    watch_ = *watch;
    job_ = std::move(job);
    report_ = &report;
    done_ = std::move(done);
    until_ = net::Timer::Clock::now() + kWait;
    look();
}

void ChainCheck::look() {
    const bool late = net::Timer::Clock::now() >= until_;
    if (!watch_->synced() && !late) return timer_.after(kLook, [this] { look(); });
    if (!watch_->synced()) {
        report_->noted(kChain, "not looked at: no peer has answered");
    } else {
        const auto judgement =
            work::judge(watch_->tree(), *job_, util::unix_time(), work::Asked::PeersLackIt);
        report_->check(kChain, judgement.status == work::JobStatus::Tip,
                       std::string(work::name_of(judgement.status)) +
                           (judgement.detail.empty() ? "" : ": " + judgement.detail));
    }
    const auto done = std::exchange(done_, nullptr);
    done();
}

}  // namespace lode::doctor
