#include <map>

#include <fmt/format.h>

#include "app/reporter.h"
#include "app/text_line.h"
#include "app/units.h"
#include "chain/target.h"
#include "util/log.h"
#include "util/output_style.h"

namespace lode::app {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kFirstRate = 10s, kBetweenRates = 60s;
constexpr std::size_t kHashWidth = 16, kSourceWidth = 48;  // characters on a terminal
constexpr double kLuck = 100;  // times the difficulty of the network: one block in a hundred

// As other miners print it: a time, a word in colour, what happened.
class TextReporter final : public Reporter {
 public:
    void on(const Event& event) override {
        std::visit([this](const auto& e) { show(e); }, event);
    }

    void tick(const Snapshot& s) override {
        if (s.uptime < next_rate_ || s.paused) return;
        next_rate_ = s.uptime + kBetweenRates;
        std::string text = fmt::format(
            "10s/60s/15m {} {} {}  A {} R {} HW {}  best {}", hashrate_text(s.rates.over_10s),
            hashrate_text(s.rates.over_60s), hashrate_text(s.rates.over_15min), accepted_, refused_,
            s.hardware_errors, s.best_difficulty > 0 ? difficulty_text(s.best_difficulty) : "n/a");
        for (const auto& d : s.devices) {
            if (d.telemetry.temperature_c) text += fmt::format(" {:.0f}C", *d.telemetry.temperature_c);
            if (d.telemetry.power_w) text += fmt::format(" {:.0f}W", *d.telemetry.power_w);
        }
        line(Color::cyan, "rate", text);
    }

    void summary(const Totals& t, const Snapshot& snapshot) override {
        const double mean = t.seconds > 0 ? static_cast<double>(t.hashes) / t.seconds : 0;
        std::string text = fmt::format("{} at {}, {}", duration_text(t.seconds), hashrate_text(mean),
                                       count_text(static_cast<double>(t.hashes), "hashes"));
        text += fmt::format("; blocks {}/{}", t.blocks, t.blocks_rejected);
        if (t.blocks_accepted != t.blocks) text += fmt::format(" ({} confirmed)", t.blocks_accepted);
        if (t.shares_accepted + t.shares_rejected > 0)
            text += fmt::format(", shares {}/{}", t.shares_accepted, t.shares_rejected);
        for (const auto& [name, count] :
             {std::pair{"stale", t.stale}, {"unanswered", t.unknown}, {"hardware errors", t.hardware_errors}})
            if (count > 0) text += fmt::format(", {} {}", count, name);
        line(Color::cyan, "summary", text);
        text = "best " + (snapshot.best_difficulty > 0 ? difficulty_text(snapshot.best_difficulty) : "n/a");
        if (const auto seconds = block_seconds(bits_, mean))
            text += fmt::format("; a block takes {} on average at this rate", duration_text(*seconds));
        line(Color::cyan, "summary", text);
        for (const auto& [reason, count] : refusals_)
            line(Color::cyan, "summary", fmt::format("refused {} times: \"{}\"", count, reason));
    }

 private:
    static void line(Color color, const char* word, const std::string& text,
                     util::LogLevel level = util::LogLevel::Info) {
        print_line(color, word, text, level);
    }
    static void error(const std::string& text) { line(Color::red, "error", text, util::LogLevel::Error); }
    static void warning(const char* word, const std::string& text) {
        line(Color::yellow, word, text, util::LogLevel::Warning);
    }

    // A new block is always shown; for the same one, what is different, and nothing where that is only the
    // transactions or the time.
    void show(const event::JobReceived& e) {
        const Job& job = *e.job;
        bits_ = job.bits;
        const bool new_block = !seen_job_ || job.prev != last_prev_;
        const bool new_source = e.source != last_source_;
        const bool new_difficulty = job.difficulty != last_difficulty_;
        std::string text = job.height >= 0 ? fmt::format("height {}", job.height) : "";
        const auto add = [&](const std::string& part) { text += (text.empty() ? "" : "  ") + part; };
        if (new_block)
            add("diff " + difficulty_text(job.difficulty));
        else if (new_difficulty)
            add(fmt::format("diff {} -> {}", difficulty_text(last_difficulty_),
                            difficulty_text(job.difficulty)));
        if (new_source) add("from " + on_terminal(e.source, kSourceWidth));
        if (new_block || new_source || new_difficulty) line(Color::blue, "job", text);
        seen_job_ = true;
        last_prev_ = job.prev;
        last_source_ = e.source;
        last_difficulty_ = job.difficulty;
    }
    void show(const event::JobStarted&) {}

    // A share's "diff" is the required difficulty; a block's is that of the hash, then the network's, as
    // other miners print it.
    void show(const event::BlockResult& e) {
        const auto& job = *e.solution.job;
        const std::string where = job.height >= 0 ? fmt::format("height {}  ", job.height) : "";
        const double needed = chain::difficulty_of(job.block_target);
        const std::string hash = on_terminal(e.solution.hash.hex(), kHashWidth);
        switch (e.outcome.status) {
            case Outcome::Status::Accepted:
                ++blocks_;
                accepted_ += job.single_block ? 1 : 0;
                line(Color::bright_yellow, "BLOCK",
                     fmt::format("{}{}  {} ({}/{}) diff {}/{} ({} ms)", where, hash,
                                 job.single_block ? "accepted" : "share accepted, block not confirmed",
                                 blocks_, blocks_refused_, difficulty_text(e.solution.difficulty),
                                 difficulty_text(needed), e.latency.count()));
                if (e.solution.difficulty >= kLuck * needed)
                    line(Color::bright_yellow, "luck",
                         difficulty_text(e.solution.difficulty / needed) +
                             " times the difficulty that it takes");
                return;
            case Outcome::Status::Rejected:
                ++blocks_refused_;
                refused_ += job.single_block ? 1 : 0;
                if (job.single_block) count_refusal(e.outcome.reason);
                line(Color::red, "block",
                     fmt::format("{}{}  rejected ({}/{}) \"{}\" ({} ms)", where, hash, blocks_,
                                 blocks_refused_, e.outcome.reason, e.latency.count()),
                     util::LogLevel::Warning);
                return;
            case Outcome::Status::Stale:
                warning("block", where + hash + "  stale " + e.outcome.reason);
                return;
            case Outcome::Status::Unknown:
                warning("block", where + hash + "  without an answer yet " + e.outcome.reason);
        }
    }

    void show(const event::ShareResult& e) {
        const std::string diff = difficulty_text(e.solution.job->difficulty);
        switch (e.outcome.status) {
            case Outcome::Status::Accepted:
                ++shares_;
                ++accepted_;
                line(Color::green, "accepted",
                     fmt::format("({}/{}) diff {} ({} ms)", shares_, shares_refused_, diff,
                                 e.latency.count()));
                return;
            case Outcome::Status::Rejected:
                ++shares_refused_;
                ++refused_;
                count_refusal(e.outcome.reason);
                line(Color::red, "rejected",
                     fmt::format("({}/{}) diff {} \"{}\" ({} ms)", shares_, shares_refused_, diff,
                                 e.outcome.reason, e.latency.count()),
                     util::LogLevel::Warning);
                return;
            case Outcome::Status::Stale:
                warning("stale", fmt::format("diff {} {}", diff, e.outcome.reason));
                return;
            case Outcome::Status::Unknown:
                warning("unknown", fmt::format("diff {} {}", diff, e.outcome.reason));
        }
    }

    void show(const event::BlockConfirmed& e) {
        const std::string where = e.height >= 0 ? fmt::format("height {}  ", e.height) : "";
        line(Color::bright_yellow, "BLOCK", fmt::format("{}{}  confirmed by {}", where, e.hash.hex(), e.by));
    }
    void show(const event::Retarget& e) {
        line(Color::magenta, "retarget",
             fmt::format("height {}  diff {} -> {}  bits {:08x} -> {:08x}", e.height,
                         difficulty_text(e.old_difficulty), difficulty_text(e.new_difficulty), e.old_bits,
                         e.new_bits));
    }
    void show(const event::Reorganisation& e) {
        line(Color::magenta, "reorg",
             fmt::format("{} blocks deep, {} -> {} at height {}", e.depth,
                         on_terminal(e.old_tip.hex(), kHashWidth), on_terminal(e.new_tip.hex(), kHashWidth),
                         e.height));
    }
    void show(const event::Judgement& e) {
        if (e.verdict == "tip") return;  // the usual case
        line(Color::red, "judgement", fmt::format("job {} is {}: {}", e.job->id, e.verdict, e.detail),
             util::LogLevel::Warning);
    }

    void show(const event::Hashrate&) {}  // tick() has more to tell
    void show(const event::DeviceOpened& e) {
        line(Color::white, "info", fmt::format("{}: {}, kernel {}", e.device, e.info.name, e.info.kernel));
    }
    void show(const event::DeviceFailed& e) { error(e.error.at(e.device).text() + "; reopening it"); }
    void show(const event::DeviceRetired& e) { error(e.error.at(e.device).text() + "; given up"); }
    void show(const event::SourceConnected& e) {
        line(Color::white, "info",
             fmt::format("{}: connected{}{}", e.source, e.detail.empty() ? "" : ", ", e.detail));
    }
    void show(const event::SourceLost& e) {
        const std::string next = e.retry_in ? fmt::format("; next attempt in {:.1f} s",
                                                          std::chrono::duration<double>(*e.retry_in).count())
                                            : "";
        warning("warning", e.error.at(e.source).text() + next);
    }
    void show(const event::SourceSwitched& e) {
        if (e.asked) return line(Color::white, "info", "switched to " + e.to);
        if (e.back) return line(Color::white, "info", "back to " + e.to);
        warning("warning", "failing over to " + e.to);
    }
    void show(const event::Message& e) {
        switch (e.severity) {
            case event::Severity::Debug:
                return;
            case event::Severity::Info:
                line(Color::white, "info", e.text);
                return;
            case event::Severity::Warning:
                warning("warning", e.text);
                return;
            case event::Severity::Error:
                error(e.text);
        }
    }

    // Reasons are untrusted text: only a limited number is counted separately.
    void count_refusal(const std::string& reason) {
        ++refusals_[refusals_.size() < 32 || refusals_.contains(reason) ? reason : "other reasons"];
    }

    // Lines shortened to the width of the terminal; elsewhere they are complete.
    static std::string on_terminal(const std::string& text, std::size_t most) {
        return util::is_terminal(util::Stream::Output) ? shortened(text, most) : text;
    }
    std::chrono::milliseconds next_rate_ = kFirstRate;
    std::uint64_t accepted_ = 0, refused_ = 0;  // shares; of solo mining, blocks
    std::uint64_t blocks_ = 0, blocks_refused_ = 0, shares_ = 0, shares_refused_ = 0;
    std::map<std::string, std::uint64_t> refusals_;  // by reason
    bool seen_job_ = false;
    Hash256 last_prev_;  // this and what follows: of the last job
    std::string last_source_;
    double last_difficulty_ = 0;
    std::uint32_t bits_ = 0;
};

}  // namespace

std::unique_ptr<Reporter> make_text_reporter() {
    return std::make_unique<TextReporter>();
}

}  // namespace lode::app
