#include "status/fleet.h"

#include <algorithm>
#include <utility>

namespace lode::status {

Result<std::unique_ptr<Fleet>> Fleet::make(boost::asio::any_io_executor executor,
                                           std::vector<FleetMember> members) {
    auto plain = net::Dialer::make({}, false);
    if (!plain) return tl::unexpected(plain.error());
    const auto wants_tls = [](const FleetMember& m) { return m.url.scheme == "https"; };
    auto secure = net::Dialer::make({}, std::ranges::any_of(members, wants_tls));
    if (!secure) return tl::unexpected(secure.error());
    return std::unique_ptr<Fleet>(
        new Fleet(std::move(executor), std::move(members), std::move(*plain), std::move(*secure)));
}

Fleet::Fleet(boost::asio::any_io_executor executor, std::vector<FleetMember> members, net::Dialer plain,
             net::Dialer secure)
    : executor_(std::move(executor)),
      plain_(std::move(plain)),
      secure_(std::move(secure)),
      next_(members.size()),
      timer_(executor_) {
    for (auto& member : members) machines_.push_back({std::move(member)});
}

const std::vector<FleetMachine>& Fleet::watch() {
    watched_until_ = Clock::now() + kWatchedFor;
    if (!timer_.pending()) round();
    return machines_;
}

// One that takes longer than kEvery is not overtaken by the next.
void Fleet::round() {
    if (Clock::now() >= watched_until_) return;
    if (next_ == machines_.size() && asking_.empty()) next_ = 0;
    ask_more();
    timer_.after(kEvery, [this] { round(); });
}

void Fleet::ask_more() {
    for (; next_ < machines_.size() && asking_.size() < kAtOnce; ++next_) {
        const auto& member = machines_[next_].member;
        asking_[next_] = std::make_unique<FleetRequest>(
            executor_, member.url.scheme == "https" ? secure_ : plain_, member,
            [this, index = next_](const Result<std::string>& body) { answered(index, body); });
    }
}

void Fleet::answered(std::size_t index, const Result<std::string>& body) {
    auto& machine = machines_[index];
    const auto report = body ? parse_report(*body) : tl::unexpected(body.error());
    if (report) {
        machine.report = *report;
        machine.answered = Clock::now();
    }
    machine.error = report ? std::nullopt : std::optional(report.error());
    asking_.erase(index);
    ask_more();
}

}  // namespace lode::status
