#include <cstdio>
#include <ctime>
#include <map>
#include <unistd.h>

#include <fmt/chrono.h>
#include <fmt/color.h>

#include "app/reporter.h"
#include "app/units.h"
#include "chain/target.h"

namespace lode::app {
namespace {

// In the habit of the field: a time, a word in colour, what happened.
class TextReporter final : public Reporter {
 public:
    void on(const Event& event) override {
        std::visit([this](const auto& e) { show(e); }, event);
    }

    void summary(const Totals& t) override {
        const double mean = t.seconds > 0 ? static_cast<double>(t.hashes) / t.seconds : 0;
        std::string text = fmt::format("{} at {}, {}", duration_text(t.seconds), hashrate_text(mean),
                                       count_text(static_cast<double>(t.hashes), "hashes"));
        text += fmt::format("; blocks {}/{}", t.blocks, t.blocks_rejected);
        if (t.shares_accepted + t.shares_rejected > 0)
            text += fmt::format(", shares {}/{}", t.shares_accepted, t.shares_rejected);
        for (const auto& [name, count] :
             {std::pair{"stale", t.stale}, {"unanswered", t.unknown}, {"hardware errors", t.hardware_errors}})
            if (count > 0) text += fmt::format(", {} {}", count, name);
        line(fmt::terminal_color::cyan, "summary", text);
        for (const auto& [reason, count] : refusals_)
            line(fmt::terminal_color::cyan, "summary",
                 fmt::format("refused {} times: \"{}\"", count, reason));
    }

 private:
    using Color = fmt::terminal_color;

    void line(Color color, const char* word, const std::string& text) {
        const std::time_t now = std::time(nullptr);
        const std::string head = fmt::format("{:%H:%M:%S} ", fmt::localtime(now));
        print(head + (color_ ? fmt::format(fmt::fg(color), "{:<8}", word) : fmt::format("{:<8}", word)) +
              " " + text);
    }

    void show(const event::JobReceived& e) {
        // A pool may send jobs by the thousand: a new height is always shown, others at most once in two
        // seconds.
        const auto now = std::chrono::steady_clock::now();
        const bool new_block = e.job->prev != last_prev_;
        if (!new_block && now - last_job_ < std::chrono::seconds(2)) return;
        last_prev_ = e.job->prev;
        last_job_ = now;
        const std::string height = e.job->height >= 0 ? fmt::format("height {}  ", e.job->height) : "";
        line(Color::blue, "job",
             fmt::format("{}diff {}  from {}", height, difficulty_text(e.job->difficulty), e.source));
    }
    void show(const event::JobStarted&) {}

    // "diff" alone is what was asked for; of a block, the hash's own stands before the network's, as other
    // miners write it.
    void show(const event::BlockResult& e) {
        const auto& job = *e.solution.job;
        const std::string where = job.height >= 0 ? fmt::format("height {}  ", job.height) : "";
        const std::string hash = e.solution.hash.hex();
        switch (e.outcome.status) {
            case Outcome::Status::Accepted:
                ++blocks_;
                line(Color::bright_yellow, "BLOCK",
                     fmt::format("{}{}  accepted ({}/{}) diff {}/{} ({} ms)", where, hash, blocks_,
                                 blocks_refused_, difficulty_text(e.solution.difficulty),
                                 difficulty_text(chain::difficulty_of(job.block_target)), e.latency.count()));
                return;
            case Outcome::Status::Rejected:
                ++blocks_refused_;
                if (job.single_block) count_refusal(e.outcome.reason);
                line(Color::red, "block",
                     fmt::format("{}{}  rejected ({}/{}) \"{}\" ({} ms)", where, hash, blocks_,
                                 blocks_refused_, e.outcome.reason, e.latency.count()));
                return;
            case Outcome::Status::Stale:
                line(Color::yellow, "block", where + hash + "  stale " + e.outcome.reason);
                return;
            case Outcome::Status::Unknown:
                line(Color::yellow, "block", where + hash + "  without an answer yet " + e.outcome.reason);
        }
    }

    void show(const event::ShareResult& e) {
        const std::string diff = difficulty_text(e.solution.job->difficulty);
        switch (e.outcome.status) {
            case Outcome::Status::Accepted:
                ++shares_;
                line(Color::green, "accepted",
                     fmt::format("({}/{}) diff {} ({} ms)", shares_, shares_refused_, diff,
                                 e.latency.count()));
                return;
            case Outcome::Status::Rejected:
                ++shares_refused_;
                count_refusal(e.outcome.reason);
                line(Color::red, "rejected",
                     fmt::format("({}/{}) diff {} \"{}\" ({} ms)", shares_, shares_refused_, diff,
                                 e.outcome.reason, e.latency.count()));
                return;
            case Outcome::Status::Stale:
                line(Color::yellow, "stale", fmt::format("diff {} {}", diff, e.outcome.reason));
                return;
            case Outcome::Status::Unknown:
                line(Color::yellow, "unknown", fmt::format("diff {} {}", diff, e.outcome.reason));
        }
    }

    void show(const event::Retarget& e) {
        line(Color::magenta, "retarget",
             fmt::format("height {}  diff {} -> {}  bits {:08x} -> {:08x}", e.height,
                         difficulty_text(e.old_difficulty), difficulty_text(e.new_difficulty), e.old_bits,
                         e.new_bits));
    }
    void show(const event::Reorganisation& e) {
        line(Color::magenta, "reorg",
             fmt::format("{} blocks deep, {} -> {} at height {}", e.depth, e.old_tip.hex(), e.new_tip.hex(),
                         e.height));
    }
    void show(const event::Judgement& e) {
        if (e.verdict == "tip") return;  // as it should be
        line(Color::red, "judgement", fmt::format("job {} is {}: {}", e.job->id, e.verdict, e.detail));
    }

    void show(const event::Hashrate& e) {
        if (e.total <= 0) return;
        std::string text = fmt::format("10s/60s/15m {} {} {}", hashrate_text(e.total),
                                       hashrate_text(e.total_60s), hashrate_text(e.total_15m));
        for (const auto& d : e.devices) {
            if (e.devices.size() > 1) text += fmt::format("  {} {}", d.device, hashrate_text(d.rate));
            if (d.telemetry.temperature_c) text += fmt::format(" {:.0f}C", *d.telemetry.temperature_c);
            if (d.telemetry.power_w) text += fmt::format(" {:.0f}W", *d.telemetry.power_w);
        }
        line(Color::cyan, "speed", text);
    }
    void show(const event::Message& e) {
        switch (e.severity) {
            case event::Severity::Debug:
                return;
            case event::Severity::Info:
                line(Color::white, "info", e.text);
                return;
            case event::Severity::Warning:
                line(Color::yellow, "warning", e.text);
                return;
            case event::Severity::Error:
                line(Color::red, "error", e.text);
        }
    }

    // Reasons are foreign text: only so many different ones are told apart.
    void count_refusal(const std::string& reason) {
        ++refusals_[refusals_.size() < 32 || refusals_.contains(reason) ? reason : "other reasons"];
    }

    bool color_ = isatty(STDOUT_FILENO) == 1;
    std::uint64_t blocks_ = 0, blocks_refused_ = 0, shares_ = 0, shares_refused_ = 0;
    std::map<std::string, std::uint64_t> refusals_;  // by reason
    Hash256 last_prev_;
    std::chrono::steady_clock::time_point last_job_{};
};

}  // namespace

std::unique_ptr<Reporter> make_text_reporter() {
    return std::make_unique<TextReporter>();
}

}  // namespace lode::app
