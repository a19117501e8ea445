#include "app/unused_options.h"

#include <array>
#include <cstdint>

#include "util/url.h"

namespace lode::app {
namespace {

enum Kind : std::uint32_t {
    kLocal = 1u << 0,
    kNode = 1u << 1,
    kPoolV1 = 1u << 2,
    kPoolV2 = 1u << 3,
    kProvider = 1u << 4,
    kWithTls = 1u << 5,  // beside one of the others
    kPools = kPoolV1 | kPoolV2,
    kSolo = kLocal | kNode | kProvider,
    kRemote = kNode | kPools | kProvider,
};

struct Use {
    const char* option;
    std::uint32_t kinds;  // that use it
    const char* by;       // in words
};
constexpr std::array kUses = {
    Use{"--rpc-user", kNode, "nodes"},
    Use{"--rpc-password", kNode, "nodes"},
    Use{"--rpc-cookie", kNode, "nodes"},
    Use{"--no-longpoll", kNode, "nodes"},
    Use{"--block-interval", kNode, "nodes"},
    Use{"--poisson", kNode, "nodes"},
    Use{"--min-difficulty-blocks", kNode, "nodes"},
    Use{"--coinbase-addr", kSolo, "nodes, template providers and the local chain"},
    Use{"--coinbase-tag", kSolo, "nodes, template providers and the local chain"},
    Use{"--user", kNode | kPools, "pools and nodes"},
    Use{"--pass", kNode | kPoolV1, "pools of Stratum V1 and nodes"},
    Use{"--user-agent", kPoolV1, "pools of Stratum V1"},
    Use{"--seed", kPoolV1, "pools of Stratum V1"},
    Use{"--suggest-diff", kPools, "pools"},
    Use{"--protocol-dump", kPools, "pools"},
    Use{"--sv2-channel", kPoolV2, "pools of Stratum V2"},
    Use{"--sv2-insecure", kPoolV2 | kProvider, "pools of Stratum V2 and template providers"},
    Use{"--tls-ca", kWithTls, "connections with TLS"},
    Use{"--tls-fingerprint", kWithTls, "connections with TLS"},
    Use{"--tls-insecure", kWithTls, "connections with TLS"},
    Use{"--on-bad-job", kRemote, "nodes, pools and template providers"},
    Use{"--retries", kRemote, "nodes, pools and template providers"},
    Use{"--retry-pause", kRemote, "nodes, pools and template providers"},
    Use{"--listen", kLocal, "the local chain"},
};

std::uint32_t kind_of(const util::Url& url) {
    const std::string& scheme = url.scheme;
    if (scheme == "local") return kLocal;
    if (scheme == "http") return kNode;
    if (scheme == "https") return kNode | kWithTls;
    if (scheme == "stratum2+tcp") return kPoolV2;
    if (scheme == "template+tcp") return kProvider;
    const bool plain = scheme.empty() || scheme == "tcp" || scheme == "stratum" || scheme == "stratum+tcp";
    return kPoolV1 | (plain ? 0u : std::uint32_t{kWithTls});
}

}  // namespace

std::vector<std::string> unused_options(const CLI::App& command, const std::vector<std::string>& urls) {
    std::uint32_t kinds = 0;
    if (urls.empty()) kinds = kLocal;
    for (const auto& text : urls) {
        const auto url = util::parse_url(text);
        if (!url) return {};
        kinds |= kind_of(*url);
    }
    std::vector<std::string> lines;
    for (const auto& [option, users, by] : kUses)
        if (command.count(option) > 0 && (kinds & users) == 0)
            lines.push_back(std::string(option) + " has no effect here: it is only for " + by);
    if (command.count("--poisson") > 0 && command.count("--block-interval") == 0)
        lines.emplace_back("--poisson has no effect without --block-interval");
    return lines;
}

}  // namespace lode::app
