#include "app/mine_command.h"

#include <algorithm>

#include "app/flags.h"
#include "lode/sources.h"
#include "status/listen_address.h"
#include "util/hex.h"

namespace lode::app {
namespace {

Result<void> check_http(const status::HttpOptions& options) {
    if (options.listen.empty()) return {};
    const auto at = status::parse_listen_address(options.listen);
    if (!at) return tl::unexpected(at.error());
    return status::check_options(options, status::is_loopback(*at));
}

Result<void> check(const MineOptions& options) {
    if (auto http = check_http(options.http); !http) return http;
    return check_source(options.urls, options.source);
}

}  // namespace

Result<MineCommand> read_mine_command(std::vector<std::string> arguments) {
    CLI::App app;
    MineCommand command;
    declare_mine_options(app, command.options);
    std::ranges::reverse(arguments);  // as CLI11 wants them
    try {
        app.parse(arguments);
    } catch (const CLI::ParseError& error) {
        return fail(ErrorKind::Usage, util::printable(plain_words(error.what()), 400));
    }
    if (auto done = complete_mine_options(app, command.options); !done)
        return tl::unexpected(with_flag(done.error()));
    if (auto right = check(command.options); !right) return tl::unexpected(with_flag(right.error()));
    command.settings = settings_of(app, command.options);
    return command;
}

}  // namespace lode::app
