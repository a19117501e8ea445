#include "source/provider/provider_session.h"

#include <algorithm>
#include <random>
#include <variant>

#include <fmt/format.h>

#include "chain/network.h"
#include "source/sv2/messages.h"
#include "util/hex.h"
#include "work/coinbase.h"

namespace lode::source::provider {

using event::Severity;
using sv2::SetupConnection;
using sv2::SetupConnectionError;
using sv2::SetupConnectionSuccess;

namespace {

constexpr std::size_t kMaxFuture = 16;   // templates for the next tip; providers keep one
constexpr std::size_t kMaxAwaited = 16;  // templates whose transactions were asked for
constexpr unsigned kMaxUnanswered = 5;   // consecutive blocks: no coincidence any more

std::string in_seconds(std::chrono::milliseconds time) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

std::uint64_t random_serial() {
    std::random_device random;
    return std::uint64_t{random()} << 32 | random();
}

}  // namespace

Session::Session(SessionOptions options, FoundBlocks& blocks, std::vector<Action>& actions)
    : options_(std::move(options)),
      blocks_(blocks),
      actions_(actions),
      serial_(random_serial()),
      publish_pace_(4, options_.timeouts.publish) {}

template <typename Message>
void Session::send(const Message& message) {
    actions_.emplace_back(action::Send{sv2::to_frame(message)});
}

void Session::say(Severity severity, std::string text, TimePoint now) {
    if (said_.take(now)) actions_.emplace_back(action::Say{severity, std::move(text)});
}

void Session::close(Error error) {
    if (over()) return;
    phase_ = Phase::Over;
    actions_.emplace_back(action::Close{std::move(error)});
}

// ---- setup

void Session::connected(TimePoint now) {
    phase_ = Phase::Setup;
    phase_since_ = now;
    SetupConnection setup;
    setup.protocol = SetupConnection::TemplateDistribution;
    setup.host = options_.host;
    setup.port = options_.port;
    setup.vendor = "lode";
    setup.firmware = LODE_VERSION;
    send(setup);
}

void Session::handle(const SetupConnectionSuccess& message, TimePoint now) {
    if (phase_ != Phase::Setup) return;
    if (message.used_version != sv2::kVersion)
        return close({ErrorKind::Refused,
                      fmt::format("the provider chooses version {}", message.used_version),
                      {},
                      fmt::format("version {}, the only one offered", sv2::kVersion)});
    phase_ = Phase::Mining;
    phase_since_ = now;
    send(CoinbaseOutputConstraints{
        static_cast<std::uint32_t>(work::serialize_output(0, options_.script).size()),
        static_cast<std::uint16_t>(4 * work::legacy_sigops(options_.script))});
    blocks_.resend(now);
}

void Session::handle(const SetupConnectionError& message, TimePoint) {
    if (phase_ != Phase::Setup) return;
    close({ErrorKind::Refused,
           "the provider refuses the connection: " + util::printable(message.code),
           {},
           {}});
}

// ---- received frames

void Session::frame(const sv2::Frame& frame, TimePoint now) {
    if (over()) return;
    auto message = sv2::parse_one_of<ProviderMessage>(frame);
    if (!message) return close(message.error());
    if (!*message)
        return say(Severity::Debug,
                   fmt::format("unknown message {:#04x} of extension {}", frame.type, frame.extension), now);
    std::visit([&](auto& typed) { handle(typed, now); }, **message);
}

void Session::handle(NewTemplate& message, TimePoint) {
    if (phase_ != Phase::Mining) return;
    Template added{std::move(message), std::make_shared<Transactions>()};
    if (added.message.path.empty()) added.transactions->list.emplace();  // the coinbase is alone
    if (!added.message.future) {
        if (!tip_)
            return close({ErrorKind::Malformed,
                          "a template to be mined now before any SetNewPrevHash",
                          NewTemplate::kName,
                          {}});
        current_ = std::move(added);
        due_ = true;
        return;
    }
    std::erase_if(future_, [&](const Template& other) { return other.message.id == added.message.id; });
    if (future_.size() >= kMaxFuture) future_.pop_front();
    future_.push_back(std::move(added));
}

void Session::handle(const SetNewPrevHash& message, TimePoint now) {
    if (phase_ != Phase::Mining) return;
    blocks_.tip(message.prev, -1);
    tip_ = message;
    tip_since_ = now;
    new_tip_ = true;
    auto future = std::exchange(future_, {});
    const auto found =
        std::ranges::find_if(future, [&](const Template& work) { return work.message.id == message.id; });
    due_ = found != future.end();
    if (due_) {
        current_ = std::move(*found);
        return;
    }
    current_.reset();
    say(Severity::Warning,
        fmt::format("a new block, but for template {}, which the provider has not sent", message.id), now);
    actions_.emplace_back(action::Withdraw{});
}

void Session::handle(RequestTransactionDataSuccess& message, TimePoint) {
    const auto asked = std::ranges::find(awaited_, message.id, &decltype(awaited_)::value_type::first);
    if (asked == awaited_.end()) return;
    if (const auto transactions = asked->second.lock()) transactions->list = std::move(message.transactions);
    awaited_.erase(asked);
    blocks_.keep();
}

void Session::handle(const RequestTransactionDataError& message, TimePoint now) {
    say(Severity::Warning,
        fmt::format("no transactions of template {}, so that no block of it can be kept in the journal: {}",
                    message.id, util::printable(message.code)),
        now);
}

// ---- jobs

// Where a later time means easier blocks, it would need other bits.
std::uint32_t Session::time_at(TimePoint now) const {
    const auto* network = chain::find_network(options_.network);
    if (network != nullptr && network->min_difficulty_after != 0) return tip_->time;
    const auto since = std::chrono::duration_cast<std::chrono::seconds>(now - tip_since_).count();
    return tip_->time + static_cast<std::uint32_t>(std::max<std::int64_t>(since, 0));
}

void Session::publish(TimePoint now) {
    due_ = false;
    JobSpec spec;
    spec.script = options_.script;
    spec.tag = options_.tag;
    spec.version_mask = options_.version_mask;
    spec.network = options_.network;
    spec.clean = std::exchange(new_tip_, false) || ended_ || !working_since_;
    spec.received = now;
    ++serial_;
    for (int shift = 56; shift >= 0; shift -= 8)
        spec.extranonce1.push_back(static_cast<std::uint8_t>(serial_ >> shift));
    auto job = make_job(current_->message, *tip_, time_at(now), current_->transactions, std::move(spec));
    if (!job) return close(job.error());
    ended_ = false;
    if (!working_since_) working_since_ = now;
    blocks_.tip(tip_->prev, (*job)->height - 1);
    actions_.emplace_back(action::Publish{std::move(*job)});
    ask_for_transactions(*current_);
}

void Session::ask_for_transactions(Template& work) {
    if (work.transactions->list || std::exchange(work.asked, true)) return;
    if (awaited_.size() >= kMaxAwaited) awaited_.pop_front();
    awaited_.emplace_back(work.message.id, work.transactions);
    send(RequestTransactionData{work.message.id});
}

// ---- time

void Session::tick(TimePoint now) {
    if (over() || phase_ == Phase::New) return;
    const Timeouts& timeouts = options_.timeouts;
    if (phase_ == Phase::Setup && now - phase_since_ > timeouts.answer)
        return close({ErrorKind::Unreachable,
                      "no answer to SetupConnection within " + in_seconds(timeouts.answer),
                      {},
                      {}});
    if (phase_ != Phase::Mining) return;
    if (!working_since_ && !due_ && now - phase_since_ > timeouts.first_job)
        return close(
            {ErrorKind::Unreachable, "no template within " + in_seconds(timeouts.first_job), {}, {}});
    if (blocks_.unanswered() >= kMaxUnanswered)
        return close(
            {ErrorKind::Refused,
             fmt::format("{} consecutive blocks never became the provider's tip", blocks_.unanswered()),
             {},
             "templates whose blocks its node accepts"});
    if (ended_ && current_ && !held()) due_ = true;
    if (due_ && !held() && publish_pace_.take(now)) publish(now);
}

TimePoint Session::deadline(TimePoint now) const {
    const TimePoint next = now + std::chrono::milliseconds(250);
    return due_ && !held() ? std::min(next, publish_pace_.next()) : next;
}

}  // namespace lode::source::provider
