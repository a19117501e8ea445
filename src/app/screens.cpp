#include "app/screens.h"

#include <fmt/format.h>

#include "app/units.h"
#include "util/hex.h"

namespace lode::app {
namespace {

constexpr std::size_t kNameWidth = 44, kReasonWidth = 60;  // characters: a line has 100
constexpr std::size_t kBlocks = 5;                         // the newest

const char* state_name(DeviceState state) {
    switch (state) {
        case DeviceState::Opening:
            return "opening";
        case DeviceState::Running:
            return "running";
        case DeviceState::Failed:
            return "failed";
        case DeviceState::Retired:
            break;
    }
    return "given up";
}

const char* status_name(BlockStatus status) {
    switch (status) {
        case BlockStatus::Unknown:
            return "no answer yet";
        case BlockStatus::ShareAccepted:
            return "taken by the pool";
        case BlockStatus::Accepted:
            return "accepted";
        case BlockStatus::Rejected:
            return "rejected";
        case BlockStatus::Stale:
            break;
    }
    return "stale";
}

std::string ago(const Snapshot& snapshot, std::chrono::system_clock::time_point time) {
    return duration_text(std::max(0.0, std::chrono::duration<double>(snapshot.taken - time).count()));
}

std::string printable(const std::string& text, std::size_t most) {
    return shortened(util::printable(text), most);
}

}  // namespace

Lines rates_screen(const Snapshot& s, double highest) {
    Lines lines{fmt::format("10s {}  60s {}  15m {}  highest {}{}", hashrate_text(s.rates.over_10s),
                            hashrate_text(s.rates.over_60s), hashrate_text(s.rates.over_15min),
                            highest > 0 ? hashrate_text(highest) : "n/a", s.paused ? "  (paused)" : "")};
    if (s.devices.size() < 2) return lines;
    for (const auto& d : s.devices)
        lines.push_back(fmt::format("{:<12} 10s {}  60s {}  15m {}", d.id, hashrate_text(d.rates.over_10s),
                                    hashrate_text(d.rates.over_60s), hashrate_text(d.rates.over_15min)));
    return lines;
}

Lines shares_screen(const Snapshot& s) {
    Lines lines{fmt::format("accepted {}  rejected {}  stale {}  unanswered {}  hardware errors {}",
                            s.shares.accepted, s.shares.rejected, s.shares.stale, s.shares.unknown,
                            s.hardware_errors),
                fmt::format("best {}, of all time {}  blocks found {}",
                            s.best_difficulty > 0 ? difficulty_text(s.best_difficulty) : "n/a",
                            s.best_difficulty_ever > 0 ? difficulty_text(s.best_difficulty_ever) : "n/a",
                            s.blocks_found)};
    for (const auto& reason : s.shares.reasons)
        lines.push_back(fmt::format("{} times \"{}\"", reason.count, printable(reason.text, kReasonWidth)));
    const std::size_t first = s.blocks.size() > kBlocks ? s.blocks.size() - kBlocks : 0;
    for (std::size_t i = first; i < s.blocks.size(); ++i) {
        const auto& block = s.blocks[i];
        lines.push_back(fmt::format("block {}  {}  diff {}  {}  {} ago",
                                    block.height < 0 ? "?" : std::to_string(block.height),
                                    shortened(block.hash.hex(), 20), difficulty_text(block.difficulty),
                                    status_name(block.status), ago(s, block.found)));
    }
    return lines;
}

Lines devices_screen(const Snapshot& s) {
    Lines lines;
    for (const auto& d : s.devices) {
        std::string line = fmt::format("{:<12} {:<8} {:>12}  A {} R {} HW {}", d.id, state_name(d.state),
                                       hashrate_text(d.rates.over_10s), d.shares.accepted, d.shares.rejected,
                                       d.hardware_errors);
        const auto add = [&](const std::optional<double>& value, const char* unit) {
            if (value) line += fmt::format("  {:.0f} {}", *value, unit);
        };
        add(d.telemetry.temperature_c, "C");
        add(d.telemetry.power_w, "W");
        add(d.telemetry.clock_mhz, "MHz");
        add(d.telemetry.fan_percent, "% fan");
        lines.push_back(line);
        lines.push_back(fmt::format("{:<12} {}{}", "", printable(d.name, kNameWidth),
                                    d.kernel.empty() ? "" : ", kernel " + printable(d.kernel, 16)));
        if (d.error) lines.push_back(fmt::format("{:<12} {}", "", printable(d.error->text(), 68)));
    }
    return lines;
}

Lines connection_screen(const Snapshot& s) {
    Lines lines{s.source.connected_since
                    ? fmt::format("{}  connected for {}", printable(s.source.name, kNameWidth),
                                  ago(s, *s.source.connected_since))
                    : fmt::format("{}  not connected", printable(s.source.name, kNameWidth))};
    if (s.source.error) lines.push_back(printable(s.source.error->text(), 80));
    if (s.source.difficulty)
        lines.push_back(
            fmt::format("share difficulty {}  last answer {}", difficulty_text(*s.source.difficulty),
                        s.source.latency ? fmt::format("after {} ms", s.source.latency->count()) : "n/a"));
    return lines;
}

Lines job_screen(const Snapshot& s) {
    if (!s.job) return {"no job"};
    const auto& job = *s.job;
    Lines lines{fmt::format("id {}  height {}  {}  {} old", printable(job.id, 30),
                            job.height < 0 ? "n/a" : std::to_string(job.height),
                            job.network.empty() ? "unknown network" : printable(job.network, 20),
                            ago(s, job.received))};
    std::string line =
        fmt::format("bits {:08x}  share difficulty {}", job.bits, difficulty_text(job.difficulty));
    if (const auto seconds = block_seconds(job.bits, s.rates.over_10s.value_or(0)))
        line += "  a block every " + duration_text(*seconds) + " at this rate";
    lines.push_back(line);
    if (!job.judgement.empty())
        lines.push_back("judged " + printable(job.judgement, 20) + "  " +
                        printable(job.judgement_detail, 48));
    return lines;
}

Lines keys_screen() {
    return {"h rates, s shares and best, d devices, c connection, j job and chain",
            "p pause, r resume, ? this; Ctrl-C ends"};
}

}  // namespace lode::app
