#include "doctor/pool_exam.h"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/share_search.h"
#include "source/stratum/replies.h"
#include "source/stratum/requests.h"
#include "util/hex.h"
#include "work/roll.h"

namespace lode::doctor {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;
using source::stratum::Response;

constexpr const char* kStratum = "Stratum V1 (Slush Pool's documents)";
constexpr const char* kJsonRpc = "JSON-RPC 1.0";
constexpr Rule kFraming{"framing", "one JSON object a line", kStratum};
constexpr Rule kIds{"ids", "an answer carries the id of its request as it was sent", kJsonRpc};
constexpr Rule kConfigure{"configure", "mining.configure is answered", "BIP 310"};
constexpr Rule kMask{"mask", "the mask granted has only bits that were asked for", "BIP 310"};
constexpr Rule kSubscribe{"subscribe", "answered with subscriptions, extranonce1, size of extranonce2",
                          kStratum};
constexpr Rule kExtranonce{"extranonce", "how much one machine can search", "extranonce2's size"};
constexpr Rule kAuthorize{"authorize", "answered with true, or false and a reason", kStratum};
constexpr Rule kOrder{"order", "no job before the answer to mining.subscribe", kStratum};
constexpr Rule kFirstJob{"first-job", "a job follows the handshake", kStratum};
constexpr Rule kStays{"stays", "the pool keeps the connection open", kStratum};
constexpr Rule kUnknownMethod{"unknown-method", "an unknown method is answered with an error", kJsonRpc};
constexpr Rule kUnknownJob{"unknown-job", "a share of an unknown job is refused, with 21", kStratum};
constexpr Rule kLowShare{"low-share", "a share above the target is refused, with 23", kStratum};
constexpr Rule kStaleShare{"stale-share", "a share of a job before the new block is refused, with 21",
                           kStratum};
constexpr Rule kGoodShare{"good-share", "a good share is accepted", kStratum};
constexpr Rule kDuplicate{"duplicate", "the same share again is refused, with 22", kStratum};
constexpr Rule kMalformed{"malformed-line", "a line that is no JSON harms nobody else", "robustness"};

constexpr std::uint32_t kMaskAsked = 0x1fffe000;  // BIP 320
constexpr auto kShortAnswer = 3'000ms;            // where many pools stay silent

std::string shown(const Json& value) {
    return util::printable(value.dump(-1, ' ', false, Json::error_handler_t::replace), 80);
}

std::string shown(const Json* answer) {
    if (answer == nullptr) return "no answer";
    const Json& error = (*answer).value("error", Json());
    return error.is_null() ? shown((*answer).value("result", Json())) : shown(error);
}

// As lode itself would read it.
Response response_of(const Json& answer) {
    const auto message =
        source::stratum::parse_line(answer.dump(-1, ' ', false, Json::error_handler_t::replace));
    const auto* response = message ? std::get_if<Response>(&*message) : nullptr;
    return response == nullptr ? Response{} : *response;
}

}  // namespace

PoolExam::PoolExam(PoolExamOptions options, Report& report)
    : options_(std::move(options)), report_(report), jobs_(options_.job, report) {}

void PoolExam::start(TimePoint now) {
    const auto params = [](const std::string& line) { return Json::parse(line)["params"]; };
    namespace stratum = source::stratum;
    ask("mining.configure", params(stratum::configure_line(0, kMaskAsked, {})), kShortAnswer,
        [this](const Json* answer) { configured(answer); });
    ask("mining.subscribe", params(stratum::subscribe_line(0, options_.user_agent, "")), options_.answer,
        [this](const Json* answer) { subscribed(answer); });
    ask("mining.authorize", Json::array({options_.user, options_.password}), options_.answer,
        [this](const Json* answer) { authorized(answer); });
    next(now);
}

void PoolExam::ask(std::string method, Json params, std::chrono::milliseconds timeout,
                   std::function<void(const Json*)> answered) {
    steps_.push_back({std::move(method), std::move(params), timeout, std::move(answered)});
}

// The next request; without one, jobs are listened to, then what is wrong is tried.
void PoolExam::next(TimePoint now) {
    if (done_) return;
    if (failed_ || (!subscribed_ && steps_.empty())) return end();
    if (!steps_.empty()) {
        waiting_ = true;
        asked_ = now;
        deadline_ = now + steps_.front().timeout;
        sent_.push_back(
            Json{{"id", ++id_}, {"method", steps_.front().method}, {"params", steps_.front().params}}.dump(
                -1, ' ', false, Json::error_handler_t::replace));
    } else if (malformed_sent_) {
        deadline_ = now + kShortAnswer;
    } else if (!listening_) {
        listening_ = true;
        deadline_ = now + (jobs_.any() ? options_.listen : options_.first_job);
    } else {
        end();
    }
}

void PoolExam::tick(TimePoint now) {
    if (done_ || now < deadline_) return;
    if (waiting_) {
        waiting_ = false;
        const auto step = std::move(steps_.front());
        steps_.pop_front();
        step.answered(nullptr);
        return next(now);
    }
    if (!jobs_.any()) {
        report_.broken(kFirstJob, fmt::format("none within {} s", options_.first_job / 1s));
        return end();
    }
    if (malformed_sent_) {
        report_.held(kMalformed, "passed over");
        return end();
    }
    jobs_.conclude(now);
    latencies_.conclude(report_);
    done_ = true;
}

void PoolExam::line(std::string_view text, TimePoint now) {
    if (over_) return;
    const Json message = Json::parse(text, nullptr, false);
    if (!message.is_object()) return report_.broken(kFraming, util::printable(text, 80));
    report_.held(kFraming);
    if (message.contains("method")) return notified(message, text, now);
    answered(message, now);
}

void PoolExam::notified(const Json& message, std::string_view text, TimePoint now) {
    const Json params = message.value("params", Json());
    const Json& method = message["method"];
    if (method == "mining.set_difficulty") return jobs_.difficulty(params);
    if (method == "mining.set_extranonce") {
        const auto changed = source::stratum::parse_line(text);
        if (const auto* c = changed ? std::get_if<source::stratum::SetExtranonce>(&*changed) : nullptr)
            jobs_.extranonce(c->extranonce);
    }
    if (method != "mining.notify") return;
    report_.check(kOrder, subscribed_, subscribed_ ? "" : "mining.notify came first");
    const bool first = !jobs_.any();
    jobs_.notify(params, text, now);
    if (!first) return;
    report_.held(kFirstJob);
    if (listening_) deadline_ = now + options_.listen;
}

void PoolExam::answered(const Json& answer, TimePoint now) {
    const Json id = answer.value("id", Json());
    if (id.is_null() && malformed_sent_) {
        report_.held(kMalformed, "answered: " + shown(&answer));
        return end();
    }
    const bool ours = id == id_ || id == std::to_string(id_);
    report_.check(kIds, id == id_ || !waiting_, shown(id) + (waiting_ ? " for " + std::to_string(id_) : ""));
    if (!waiting_ || !ours) return;
    waiting_ = false;
    latencies_.add(now - asked_);
    const auto step = std::move(steps_.front());
    steps_.pop_front();
    step.answered(&answer);
    next(now);
}

void PoolExam::configured(const Json* answer) {
    if (answer == nullptr) return report_.broken(kConfigure, "no answer within 3 s");
    const auto extensions = source::stratum::read_configured(response_of(*answer));
    report_.held(kConfigure, shown(answer));
    if (!extensions || !extensions->version_mask) return;
    const std::uint32_t mask = *extensions->version_mask;
    report_.check(kMask, (mask & ~kMaskAsked) == 0, fmt::format("{:08x} of {:08x}", mask, kMaskAsked));
    jobs_.version_mask(mask & kMaskAsked);
}

void PoolExam::subscribed(const Json* answer) {
    const auto subscription = answer == nullptr ? fail(ErrorKind::Refused, "no answer")
                                                : source::stratum::read_subscribed(response_of(*answer));
    if (!subscription) {
        report_.broken(kSubscribe, answer == nullptr ? "no answer" : subscription.error().text());
        return steps_.clear();
    }
    subscribed_ = true;
    const auto& [first, size] = subscription->extranonce;
    report_.held(kSubscribe,
                 fmt::format("extranonce1 {}, extranonce2 of {} bytes", util::to_hex(first), size));
    const std::string space = fmt::format("2^{} hashes a job", 32 + 8 * size);
    if (size < 4)
        report_.noted(kExtranonce, space + ": a fast machine needs version rolling or new jobs");
    else
        report_.held(kExtranonce, space);
    jobs_.extranonce(subscription->extranonce);
}

void PoolExam::authorized(const Json* answer) {
    if (answer == nullptr) return report_.broken(kAuthorize, "no answer");
    const Json& result = (*answer).value("result", Json());
    if (result == true) return report_.held(kAuthorize);
    if (result != false) return report_.broken(kAuthorize, shown(answer));
    failed_ = Error{ErrorKind::Refused, "the pool refuses the user: " + shown(answer), {}, {}};
}

// --- what is wrong on purpose

void PoolExam::begin_probe(TimePoint now) {
    done_ = false;
    probe();
    next(now);
}

void PoolExam::probe() {
    ask("mining.lode_doctor", Json::array(), kShortAnswer, [this](const Json* answer) {
        const bool refused = answer != nullptr && !(*answer).value("error", Json()).is_null();
        report_.check(kUnknownMethod, refused, shown(answer));
    });
    const JobPtr job = jobs_.job();
    if (job) {
        const auto share = [&](const Job& of, std::uint32_t nonce) {
            return Json::array({options_.user, of.id, util::to_hex(work::extranonce2(of, 0)),
                                fmt::format("{:08x}", of.time), fmt::format("{:08x}", nonce)});
        };
        Json unknown = share(*job, 1);
        unknown[1] = "lodedoctor";
        probe_share(kUnknownJob, 21, std::move(unknown));
        if (const auto nonce = find_nonce(*job, Hit::Miss)) probe_share(kLowShare, 23, share(*job, *nonce));
        probe_stale_share(share);
        if (const auto nonce = find_nonce(*job, Hit::Share)) {
            ask("mining.submit", share(*job, *nonce), options_.answer, [this](const Json* answer) {
                report_.check(kGoodShare, answer != nullptr && (*answer).value("result", Json()) == true,
                              shown(answer));
            });
            probe_share(kDuplicate, 22, share(*job, *nonce));
        } else {
            report_.noted(kGoodShare, "not tried: the difficulty is too high to find one in a moment");
        }
    }
    // Last: some pools hang up on it, which is their right. It has no id that an answer could carry.
    ask("mining.extranonce.subscribe", Json::array(), kShortAnswer, [this](const Json*) {
        malformed_sent_ = true;
        sent_.emplace_back("{\"id\":");
    });
}

void PoolExam::probe_stale_share(const std::function<Json(const Job&, std::uint32_t nonce)>& share) {
    const JobPtr& stale = jobs_.stale_job();
    if (!stale) return report_.noted(kStaleShare, "not tried: no new block came while listening");
    const auto nonce = find_nonce(*stale, Hit::Share);
    if (!nonce) return report_.noted(kStaleShare, "not tried: the difficulty is too high");
    probe_share(kStaleShare, 21, share(*stale, *nonce));
}

void PoolExam::probe_share(const Rule& rule, int code, Json params) {
    ask("mining.submit", std::move(params), options_.answer, [this, rule, code](const Json* answer) {
        if (answer == nullptr) return report_.broken(rule, "no answer");
        const auto refused = source::stratum::refusal(response_of(*answer));
        if (!refused) return report_.broken(rule, "accepted");
        if (refused->code == code) return report_.held(rule, refused->shown());
        report_.noted(rule, "refused with another code: " + refused->shown());
    });
}

void PoolExam::closed(const Error& error) {
    if (over_) return;
    if (malformed_sent_) {
        report_.noted(kMalformed, "the pool hangs up: " + error.text());
    } else if (!subscribed_ && report_.findings().empty()) {
        failed_ = error;
    } else {
        report_.broken(kStays, error.text());
    }
    end();
}

void PoolExam::end() {
    done_ = over_ = true;
    latencies_.conclude(report_);
}

}  // namespace lode::doctor
