#include "p2p/session.h"

#include <utility>
#include <variant>

namespace lode::p2p {
namespace {

template <typename... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};
template <typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace

Session::Session(Chain& chain, SessionSettings settings, Now now)
    : context_{chain, std::move(settings), now.steady, {}, {}},
      handshake_(context_, now),
      blocks_(context_),
      headers_(context_, blocks_, now),
      serving_(context_) {}

void Session::receive(const Message& message, Now now) {
    if (context_.drop) return;
    context_.heard = now.steady;
    if (handshake_.done()) return dispatch(message, now);
    handshake_.receive(message, now);
    if (!handshake_.done()) return;
    context_.send(SendHeaders{});
    headers_.request(now);
}

void Session::dispatch(const Message& message, Now now) {
    const Overloaded handlers{
        [&](const Headers& m) { headers_.receive(m, now); },
        [&](const Inventory& m) { headers_.receive(m, now); },
        [&](const BlockData& m) { headers_.receive(blocks_.receive(m, now), now); },
        [&](const NotFound& m) { blocks_.receive(m); },
        [&](const GetHeaders& m) { serving_.answer(m); },
        [&](const GetData& m) { serving_.answer(m); },
        [&](const SendHeaders&) { serving_.announce_by_headers(); },
        [&](const Ping& m) { context_.send(Pong{m.nonce}); },
        [&](const Version&) { misbehaved("a second 'version'"); },
        [](const Verack&) {},
        [](const Pong&) {},
        [](const Other&) {},
    };
    std::visit(handlers, message);
}

std::optional<Message> Session::next_outgoing() {
    if (context_.outgoing.empty()) return serving_.next();
    Message message = std::move(context_.outgoing.front());
    context_.outgoing.pop_front();
    return message;
}

void Session::announce(std::span<const BlockHeader> headers) {
    if (!ready() || context_.drop || headers.empty()) return;
    if (headers.back().hash() != headers_.peer_tip()) serving_.announce(headers);
}

void Session::request_headers(Now now) {
    if (ready() && !context_.drop) headers_.request(now);
}

void Session::tick(Now now) {
    if (context_.drop) return;
    if (!ready()) return handshake_.tick(now);
    const auto& timing = context_.settings.timing;
    const auto silence = now.steady - context_.heard;
    if (silence >= timing.dead_after) return context_.drop_peer("silent: the connection is lost");
    const bool claims_more = peer().height > context_.chain.tip().height;
    const bool waiting = headers_.waiting() || !blocks_.idle();
    headers_.tick(now, claims_more);
    blocks_.tick(now);
    if (context_.drop) return;
    // A ping distinguishes a stalling peer from a lost connection.
    if (silence >= (waiting ? headers_.time_limit(claims_more) / 2 : timing.ping_after)) send_ping(now);
}

void Session::send_ping(Now now) {
    if (pinged_ && now.steady - *pinged_ < context_.settings.timing.ping_after) return;
    pinged_ = now.steady;
    context_.send(Ping{static_cast<std::uint64_t>(now.steady.count())});
}

}  // namespace lode::p2p
