// Sv2Exam, second part: what is wrong on purpose.
#include <memory>

#include <fmt/format.h>

#include "doctor/share_search.h"
#include "doctor/sv2_exam.h"
#include "util/hex.h"
#include "work/roll.h"

namespace lode::doctor {
namespace {

using namespace std::chrono_literals;
using sv2::PoolMessage;

constexpr Rule kIgnored{"unknown-extension", "a message of an unknown extension is ignored",
                        "Stratum V2, 3.4.1"};
constexpr Rule kUnknownChannel{"unknown-channel", "a share of an unknown channel is refused",
                               "Stratum V2, 5.3.14"};
constexpr Rule kUnknownJob{"unknown-job", "a share of an unknown job is refused", "Stratum V2, 5.3.14"};
constexpr Rule kExtranonceSize{"extranonce-share",
                               "a share with an extranonce of another size than the channel's is refused",
                               "Stratum V2, 5.3.12"};
constexpr Rule kLowShare{"low-share", "a share above the target is refused", "Stratum V2, 5.3.21"};
constexpr Rule kStaleShare{"stale-share", "a share of a job before the new block is refused",
                           "Stratum V2, 5.3.17"};
constexpr Rule kGoodShare{"good-share", "a good share is accepted", "Stratum V2, 5.3.13"};
constexpr Rule kDuplicate{"duplicate", "the same share again is refused", "Stratum V2, 5.3.14"};
constexpr Rule kUnknownMessage{"unknown-message", "a message of an unknown type", "Stratum V2, 8"};

constexpr auto kShortAnswer = 2'000ms;  // where silence is right
constexpr std::uint32_t kNoId = 0xfffffff0;
constexpr std::uint16_t kExperimental = 0x7abc;
constexpr std::uint8_t kNoType = 0x3f;  // between the mining protocol's and those of job declaration

sv2::SubmitSharesExtended share_of(const Sv2ChannelExam& channel, const Job& job, std::uint32_t nonce) {
    return {channel.channel().id(),
            0,
            static_cast<std::uint32_t>(std::stoul(job.id)),
            nonce,
            job.time,
            job.version,
            channel.channel().extended() ? work::extranonce2(job, 0) : std::vector<std::uint8_t>()};
}

}  // namespace

void Sv2Exam::begin_probe(TimePoint now) {
    done_ = false;
    stage_ = Stage::Probing;
    probe_extensions();
    for (const auto& channel : channels_) probe_channel(channel);
    probe_unknown_message();
    next(now);
}

// Two that are silently ignored, or answered where the pool knows extensions: RequestExtensions for one, and
// one that nobody has.
void Sv2Exam::probe_extensions() {
    const auto send = [this](const sv2::Frame& frame) {
        ask({.frame = [frame] { return frame; },
             .timeout = kShortAnswer,
             .answered = [](const PoolMessage&) { return false; },
             .missing = [this] { report_.held(kIgnored); },
             .closed =
                 [this](const Error& error) {
                     report_.broken(kIgnored, "the pool hangs up: " + error.text());
                 }});
    };
    send({.extension = 1, .channel = false, .type = 0, .payload = {1, 0, 1, 0, 2, 0}});
    send({.extension = kExperimental, .channel = false, .type = 1, .payload = {1, 2, 3}});
}

// Each share is made when it is sent, of the job of that moment.
void Sv2Exam::probe_channel(const Sv2ChannelExam& channel) {
    const auto with_nonce = [&channel](Hit hit) -> std::optional<Share> {
        const auto nonce = channel.job() ? find_nonce(*channel.job(), hit) : std::nullopt;
        if (!nonce) return std::nullopt;
        return share_of(channel, *channel.job(), *nonce);
    };
    probe_bad_share(kUnknownChannel, channel, [with_nonce] {
        auto share = with_nonce(Hit::Miss);
        if (share) share->channel = kNoId;
        return share;
    });
    probe_bad_share(kUnknownJob, channel, [with_nonce] {
        auto share = with_nonce(Hit::Miss);
        if (share) share->job = kNoId;
        return share;
    });
    probe_bad_share(kLowShare, channel, [with_nonce] { return with_nonce(Hit::Miss); });
    probe_bad_share(kStaleShare, channel, [this, &channel]() -> std::optional<Share> {
        const JobPtr& job = channel.stale_job();
        if (!job) report_.noted(kStaleShare, "not tried: no new block came while listening");
        const auto nonce = job ? find_nonce(*job, Hit::Share) : std::nullopt;
        if (!nonce) return std::nullopt;
        return share_of(channel, *job, *nonce);
    });
    probe_bad_share(kExtranonceSize, channel, [with_nonce]() -> std::optional<Share> {
        auto share = with_nonce(Hit::Share);
        if (!share || share->extranonce.empty()) return std::nullopt;
        share->extranonce.pop_back();
        return share;
    });
    probe_good_share(channel);
    probe_bad_share(kDuplicate, channel, [this] { return good_; });
}

std::optional<sv2::Frame> Sv2Exam::share_frame(const Sv2ChannelExam& channel, const MakeShare& make) {
    auto share = make();
    if (!share) return std::nullopt;
    share->sequence = ++sequence_;
    if (channel.channel().extended()) return sv2::to_frame(*share);
    return sv2::to_frame(sv2::SubmitSharesStandard{share->channel, share->sequence, share->job, share->nonce,
                                                   share->ntime, share->version});
}

// The code is shown, not judged: codes are free text (3.5).
void Sv2Exam::probe_bad_share(const Rule& rule, const Sv2ChannelExam& channel, MakeShare make) {
    const std::string where = fmt::format(", on the {} channel", channel.kind());
    ask({.frame = [this, &channel, make = std::move(make)] { return share_frame(channel, make); },
         .timeout = options_.answer,
         .answered =
             [this, &rule, where](const PoolMessage& message) {
                 if (const auto* error = std::get_if<sv2::SubmitSharesError>(&message);
                     error != nullptr && error->sequence == sequence_) {
                     report_.held(rule, util::printable(error->code, 60));
                     return true;
                 }
                 const auto* success = std::get_if<sv2::SubmitSharesSuccess>(&message);
                 if (success == nullptr || success->last_sequence != sequence_) return false;
                 report_.broken(rule, "accepted" + where);
                 return true;
             },
         .missing = [this, &rule, where] { report_.broken(rule, "no answer" + where); },
         .closed = [this, &rule](
                       const Error& error) { report_.broken(rule, "the pool hangs up: " + error.text()); }});
}

void Sv2Exam::probe_good_share(const Sv2ChannelExam& channel) {
    const auto blocks = std::make_shared<std::size_t>();  // when the share was made
    ask({.frame =
             [this, &channel, blocks] {
                 const auto nonce = channel.job() ? find_nonce(*channel.job(), Hit::Share) : std::nullopt;
                 good_.reset();
                 if (nonce) good_ = share_of(channel, *channel.job(), *nonce);
                 if (!nonce)
                     report_.noted(kGoodShare,
                                   "not tried: the difficulty is too high to find one in a moment");
                 *blocks = channel.blocks();
                 return share_frame(channel, [this] { return good_; });
             },
         .timeout = kShortAnswer,
         .answered =
             [this, &channel, blocks](const PoolMessage& message) {
                 if (const auto* error = std::get_if<sv2::SubmitSharesError>(&message);
                     error != nullptr && error->sequence == sequence_) {
                     const std::string code = util::printable(error->code, 60);
                     if (*blocks == channel.blocks())
                         report_.broken(kGoodShare, code);
                     else
                         report_.noted(kGoodShare, code + ", as a new block came");
                     return true;
                 }
                 const auto* success = std::get_if<sv2::SubmitSharesSuccess>(&message);
                 if (success == nullptr || success->last_sequence != sequence_) return false;
                 report_.held(kGoodShare, fmt::format("{} acknowledged", success->count));
                 return true;
             },
         .missing =
             [this] {
                 report_.noted(kGoodShare, "neither refused nor acknowledged yet: answers come in batches");
             },
         .closed = {}});
}

// Last: some pools hang up on it.
void Sv2Exam::probe_unknown_message() {
    sv2::Frame frame = {.extension = 0, .channel = false, .type = kNoType, .payload = {0}};
    ask({.frame = [frame] { return frame; },
         .timeout = kShortAnswer,
         .answered = [](const PoolMessage&) { return false; },
         .missing = [this] { report_.held(kUnknownMessage, "ignored"); },
         .closed =
             [this](const Error& error) {
                 report_.noted(kUnknownMessage, "the pool hangs up: " + error.text());
             }});
}

}  // namespace lode::doctor
