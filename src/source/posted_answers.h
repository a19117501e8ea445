// Posts answers that are known immediately, since WorkSource must not answer from inside submit().
#pragma once

#include <list>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

#include "base/scope.h"
#include "lode/source.h"

namespace lode::source {

// Used on the io thread.
class PostedAnswers {
 public:
    explicit PostedAnswers(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
    PostedAnswers(const PostedAnswers&) = delete;
    PostedAnswers& operator=(const PostedAnswers&) = delete;

    void post(SubmitCallback callback, Outcome outcome) {
        waiting_.push_back({std::move(callback), std::move(outcome)});
        boost::asio::post(executor_, scope_.guard([this] { give_first(); }));
    }
    // Calls all outstanding callbacks, from inside this call.
    void stop() {
        while (!waiting_.empty()) give_first();
    }

 private:
    struct Answer {
        SubmitCallback callback;
        Outcome outcome;
    };
    void give_first() {
        if (waiting_.empty()) return;
        const Answer answer = std::move(waiting_.front());
        waiting_.pop_front();
        answer.callback(answer.outcome);
    }

    boost::asio::any_io_executor executor_;
    std::list<Answer> waiting_;
    base::Scope scope_;
};

}  // namespace lode::source
