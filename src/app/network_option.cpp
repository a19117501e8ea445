#include "app/network_option.h"

namespace lode::app {

CLI::Option* add_network_option(CLI::App& command, std::string& network, const std::string& fallback) {
    std::string help = chain::network_names();
    if (!fallback.empty()) help += "; default: " + fallback;
    return command.add_option("--network", network, help)
        ->transform(CLI::Validator(
            [](std::string& name) {
                const auto known = chain::parse_network(name);
                if (!known) return known.error().text();
                name = (*known)->name;
                return std::string();
            },
            "NAME"));
}

CLI::Option* add_signet_option(CLI::App& command, const std::string& network,
                               std::optional<chain::Network>& signet) {
    return command.add_option_function<std::string>(
        "--signet-challenge",
        [&network, &signet](const std::string& hex) {
            auto parsed = chain::parse_signet(hex);
            if (!parsed) throw CLI::ValidationError("--signet-challenge", parsed.error().text());
            if (!network.empty() && network != parsed->name)
                throw CLI::ValidationError("--signet-challenge", "cannot be used with --network " + network);
            signet = std::move(*parsed);
        },
        "the challenge of a custom signet, hex (BIP 325); its P2P magic follows from it");
}

}  // namespace lode::app
