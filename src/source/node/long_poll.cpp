#include "source/node/long_poll.h"

#include <chrono>
#include <utility>

namespace lode::source::node {
namespace {

using namespace std::chrono_literals;

constexpr auto kLongPollTimeout = 10min;  // nodes answer after a minute or two if there are new transactions

}  // namespace

LongPoll::LongPoll(std::unique_ptr<RpcClient> rpc, std::unique_ptr<ThreadCheck> check, bool wanted,
                   std::string node, Hooks hooks)
    : rpc_(std::move(rpc)),
      check_(std::move(check)),
      wanted_(wanted),
      node_(std::move(node)),
      hooks_(std::move(hooks)) {}

void LongPoll::open(const Template& work, const std::string& request) {
    if (!wanted_ || is_open() || check_->running() || abandoned_ == work.prev) return;
    if (checked_) return begin(work.prev, request);
    check_->run([this, prev = work.prev, request](ThreadCheck::Answer answer) {
        using Answer = ThreadCheck::Answer;
        if (answer == Answer::Undecided) return;
        if (answer == Answer::None) return give_up("it has no RPC thread to spare for a long poll");
        checked_ = true;  // if unknown, slow ordinary calls will show it
        begin(prev, request);
    });
}

void LongPoll::begin(const Hash256& prev, const std::string& request) {
    open_on_ = prev;
    rpc_->call("getblocktemplate", request, kLongPollTimeout, [this](const RpcResult& answer) {
        if (!answer && answer.error().status == 0) return cancel();  // the next call shows if the node is up
        open_on_.reset();
        if (answer) hooks_.answered(*answer);
    });
}

void LongPoll::harms() {
    if (is_open()) give_up("an ordinary call waits while a long poll is open");
}

void LongPoll::give_up(const std::string& why) {
    wanted_ = false;
    cancel();
    hooks_.say(event::Severity::Warning,
               node_ + ": " + why + "; its tip is polled instead (the node's -rpcthreads sets their number)");
}

void LongPoll::cancel() {
    check_->cancel();
    rpc_->cancel();
    if (open_on_) abandoned_ = std::exchange(open_on_, std::nullopt);
}

}  // namespace lode::source::node
