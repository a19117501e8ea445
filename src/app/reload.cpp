#include "app/reload.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "util/hex.h"
#include "util/url.h"

namespace lode::app {
namespace {

const std::set<std::string> kOfTheSource = {"url",
                                            "user",
                                            "pass",
                                            "retries",
                                            "retry-pause",
                                            "coinbase-addr",
                                            "coinbase-tag",
                                            "rpc-user",
                                            "rpc-password",
                                            "rpc-cookie",
                                            "no-longpoll",
                                            "block-interval",
                                            "poisson",
                                            "min-difficulty-blocks",
                                            "user-agent",
                                            "suggest-diff",
                                            "seed",
                                            "no-version-rolling",
                                            "version-mask",
                                            "tls-ca",
                                            "tls-fingerprint",
                                            "tls-insecure",
                                            "sv2-channel",
                                            "sv2-insecure",
                                            "protocol-dump",
                                            "on-bad-job",
                                            "proxy"};
const std::set<std::string> kOther = {"time-limit",     "drain-timeout", "gpu-intensity",
                                      "gpu-temp-limit", "verbose",       "quiet"};

bool on_local_chain(const MineOptions& options) {
    return options.urls.empty() || std::ranges::find(options.urls, "local") != options.urls.end();
}

// As users know it: "pools" and "url" are one setting.
std::string shown_name(const std::string& name) {
    return name == "url" ? "pools" : name;
}

std::string safe_name(const std::string& text) {
    const auto url = util::parse_url(text);
    return util::printable(url ? url->safe() : text, 100);
}

}  // namespace

Reloader::Reloader(std::vector<std::string> arguments, MineCommand started)
    : arguments_(std::move(arguments)), now_(std::move(started)) {}

Result<Reloaded> Reloader::read() {
    const std::scoped_lock lock(mutex_);
    if (now_.options.config.empty())
        return fail(ErrorKind::Usage, "lode was started without a configuration file", {}, "-c FILE");
    auto next = read_mine_command(arguments_);
    if (!next) return tl::unexpected(next.error());
    const bool replaceable = !on_local_chain(now_.options) && !on_local_chain(next->options);
    Reloaded result;
    std::vector<std::string> changed, later;
    for (const auto& name : differences(now_.settings, next->settings)) {
        const bool source = kOfTheSource.contains(name);
        if ((source && replaceable) || kOther.contains(name)) {
            changed.push_back(shown_name(name));
            result.source |= source;
            continue;
        }
        later.push_back(shown_name(name));
        const auto before = now_.settings.find(name);
        next->settings.erase(name);
        if (before != now_.settings.end()) next->settings.insert(*before);
    }
    result.text = changed.empty() ? "nothing has changed" : fmt::format("{}", fmt::join(changed, ", "));
    if (!later.empty()) result.text += fmt::format("; this takes a restart: {}", fmt::join(later, ", "));
    if (first_ != 0 && replaceable) result.source = true;  // back to the order of the file
    now_ = std::move(*next);
    first_ = 0;
    result.options = now_.options;
    return result;
}

Result<Reloaded> Reloader::switch_to(std::optional<std::size_t> to) {
    const std::scoped_lock lock(mutex_);
    const auto& urls = now_.options.urls;
    if (urls.size() < 2 || on_local_chain(now_.options))
        return fail(ErrorKind::Usage, "there is no other source to switch to", {}, "several -o, or pools");
    const std::size_t index = to.value_or((first_ + 1) % urls.size());
    if (index >= urls.size())
        return fail(ErrorKind::Usage, "there is no source " + std::to_string(index), {},
                    "0 to " + std::to_string(urls.size() - 1));
    Reloaded result;
    result.source = index != first_;
    result.text = safe_name(urls[index]) + (result.source ? "" : ", which is the first already");
    result.first = first_ = index;
    result.options = now_.options;
    auto& order = result.options.urls;
    std::rotate(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(index),
                order.begin() + static_cast<std::ptrdiff_t>(index) + 1);
    return result;
}

}  // namespace lode::app
