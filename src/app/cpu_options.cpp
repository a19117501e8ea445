#include "app/cpu_options.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "util/hex.h"

namespace lode::app {
namespace {

constexpr unsigned kMaxCpus = 65536;  // more than Linux supports

// A whole number at the beginning, which is cut off.
std::optional<unsigned> take_number(std::string_view& text) {
    unsigned value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

bool take(std::string_view& text, char mark) {
    if (!text.starts_with(mark)) return false;
    text.remove_prefix(1);
    return true;
}

// XMRig and cpuminer have a mask here: 0x5 is CPUs 0 and 2.
std::string list_of_mask(std::string_view digits) {
    const auto mask = util::hex_u32(digits);
    std::vector<unsigned> cpus;
    for (unsigned cpu = 0; mask && cpu < 32; ++cpu)
        if ((*mask >> cpu & 1) != 0) cpus.push_back(cpu);
    return cpus.empty() ? "" : fmt::format(": {}", fmt::join(cpus, ","));
}

}  // namespace

Result<std::vector<unsigned>> parse_cpu_list(std::string_view text) {
    const auto wrong = [&](const std::string& what, std::string expected = {}) {
        return fail(ErrorKind::Usage, "'" + util::printable(text, 40) + "' " + what, {}, std::move(expected));
    };
    if (text.starts_with("0x")) return wrong("is a mask", "a list" + list_of_mask(text.substr(2)));
    std::vector<unsigned> cpus;
    std::string_view rest = text;
    do {
        const auto first = take_number(rest);
        std::optional<unsigned> last = first, step = 1;
        if (first && take(rest, '-')) {
            last = take_number(rest);
            if (last && take(rest, ':')) step = take_number(rest);
        }
        if (!first || !last || !step) return wrong("is not a list of CPUs", "such as 0-3,8");
        if (*last < *first) return wrong("has a range that runs backwards");
        if (*last >= kMaxCpus) return wrong("has a CPU beyond " + std::to_string(kMaxCpus - 1));
        if (*step == 0) return wrong("has a step of 0");
        for (unsigned cpu = *first; cpu <= *last; cpu += std::min(*step, kMaxCpus)) {
            if (std::ranges::find(cpus, cpu) != cpus.end())
                return wrong("has CPU " + std::to_string(cpu) + " twice");
            cpus.push_back(cpu);
        }
    } while (take(rest, ','));
    if (!rest.empty()) return wrong("is not a list of CPUs", "such as 0-3,8");
    return cpus;
}

void add_cpu_options(CLI::App& command, DeviceOptions& options, const std::string& group) {
    command
        .add_option("-t,--threads", options.cpu_threads,
                    "CPU threads; 0, the default: one for each CPU that lode may use, or as many as "
                    "--cpu-affinity lists")
        ->check(CLI::Range(0u, 4096u))
        ->group(group);
    command
        .add_option_function<std::string>(
            "--cpu-affinity",
            [&options](const std::string& text) {
                auto cpus = parse_cpu_list(text);
                if (!cpus) throw CLI::ValidationError("--cpu-affinity", cpus.error().text());
                options.cpu_affinity = std::move(*cpus);
            },
            "list of CPUs, such as 0-3,8, to pin CPU threads to, one each; default: they are not pinned")
        ->group(group);
    command
        .add_option(
            "--cpu-priority", options.cpu_priority,
            "priority of CPU threads: 0 idle, 1 low, 2 normal, 3 to 5 above (as root); default: lode's own")
        ->check(CLI::Range(0u, 5u))
        ->group(group);
}

}  // namespace lode::app
