#include "app/url_credentials.h"

#include <map>
#include <optional>

#include "util/url.h"

namespace lode::app {
namespace {

struct Given {
    std::optional<std::string> user, password;
};

std::string shown(const std::string& url) {
    const auto parsed = util::parse_url(url);
    return parsed ? parsed->safe() : "a URL";
}

}  // namespace

Result<void> pair_credentials(const CLI::App& command, std::vector<std::string>& urls, std::string& user,
                              std::string& password) {
    const auto* const url_option = command.get_option("--url");
    const auto* const user_option = command.get_option("--user");
    const auto* const password_option = command.get_option("--pass");
    if (user_option->count() < 2 && password_option->count() < 2) return {};
    std::vector<Given> given(1);  // the first: before any URL
    std::map<const CLI::Option*, std::size_t> seen;
    for (const CLI::Option* option : command.parse_order()) {
        if (option == url_option) given.emplace_back();
        if (option != user_option && option != password_option) continue;
        auto& value = option == user_option ? given.back().user : given.back().password;
        if (value)
            return fail(
                ErrorKind::Usage,
                "given twice for " + (given.size() == 1 ? "no URL" : shown(urls.at(given.size() - 2))),
                option->get_name(), "one after each -o");
        value = option->results().at(seen[option]++);
    }
    if (given.size() - 1 != urls.size())  // the URLs come from the configuration file
        return fail(ErrorKind::Usage, "given twice", "-u or -p", "one after each -o");
    user = given.front().user.value_or("");
    password = given.front().password.value_or("x");
    for (std::size_t i = 0; i < urls.size(); ++i) {
        const Given& own = given[i + 1];
        if (own.user || own.password)
            urls[i] =
                util::with_credentials(urls[i], own.user.value_or(user), own.password.value_or(password));
    }
    return {};
}

}  // namespace lode::app
