#include "source/node/thread_check.h"

#include <chrono>
#include <string>
#include <utility>

namespace lode::source::node {
namespace {

using namespace std::chrono_literals;

constexpr auto kWait = 500ms;       // at the node
constexpr auto kHeadStart = 100ms;  // for the waiting call to get its thread first

}  // namespace

ThreadCheck::ThreadCheck(const boost::asio::any_io_executor& executor, std::unique_ptr<RpcClient> waiting,
                         std::unique_ptr<RpcClient> ordinary)
    : waiting_(std::move(waiting)), ordinary_(std::move(ordinary)), timer_(executor) {}

void ThreadCheck::run(Done done) {
    cancel();
    done_ = std::move(done);
    const auto begun = std::chrono::steady_clock::now();
    waiting_->call("waitfornewblock", "[" + std::to_string(kWait.count()) + "]", kCallTimeout,
                   [this, begun](const RpcResult& answer) {
                       if (!answer) return finish(Answer::Unknown);
                       const bool whole = std::chrono::steady_clock::now() - begun >= kWait;
                       finish(whole ? Answer::None : Answer::Undecided);
                   });
    timer_.after(kHeadStart, [this] {
        ordinary_->call("getbestblockhash", "[]", kCallTimeout, [this](const RpcResult& answer) {
            finish(answer ? Answer::Spare : Answer::Unknown);
        });
    });
}

void ThreadCheck::finish(Answer answer) {
    const Done done = std::exchange(done_, nullptr);
    cancel();
    done(answer);
}

void ThreadCheck::cancel() {
    done_ = nullptr;
    timer_.cancel();
    waiting_->cancel();
    ordinary_->cancel();
}

}  // namespace lode::source::node
