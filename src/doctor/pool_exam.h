// The examination of a pool as a state machine without I/O: lines and the time go in, lines come out.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "doctor/exam.h"
#include "doctor/latencies.h"

namespace lode::doctor {

// One request after the other: the handshake, listening, and where begin_probe() is called, what is wrong on
// purpose.
class PoolExam final : public Exam {
 public:
    using Json = nlohmann::json;

    PoolExam(PoolExamOptions options, Report& report);

    void start(TimePoint now);
    void line(std::string_view text, TimePoint now);
    void tick(TimePoint now) override;
    void begin_probe(TimePoint now) override;
    void closed(const Error& error) override;
    [[nodiscard]] JobPtr job() const override { return jobs_.job(); }

    [[nodiscard]] std::vector<std::string> take_sent() { return std::exchange(sent_, {}); }

 private:
    struct Step {
        std::string method;
        Json params;
        std::chrono::milliseconds timeout;
        std::function<void(const Json* answer)> answered;  // null: there was none in time
    };

    void ask(std::string method, Json params, std::chrono::milliseconds timeout,
             std::function<void(const Json*)> answered);
    void next(TimePoint now);
    void answered(const Json& answer, TimePoint now);
    void notified(const Json& message, std::string_view text, TimePoint now);
    void end();

    void configured(const Json* answer);
    void subscribed(const Json* answer);
    void authorized(const Json* answer);

    void probe();
    void probe_stale_share(const std::function<Json(const Job&, std::uint32_t nonce)>& share);
    void probe_share(const Rule& rule, int code, Json params);

    PoolExamOptions options_;
    Report& report_;
    JobExam jobs_;
    std::vector<std::string> sent_;
    std::deque<Step> steps_;  // the first is under way while waiting_
    bool waiting_ = false, subscribed_ = false, listening_ = false;
    bool malformed_sent_ = false;
    std::int64_t id_ = 0;
    TimePoint asked_{};
    Latencies latencies_;
};

}  // namespace lode::doctor
