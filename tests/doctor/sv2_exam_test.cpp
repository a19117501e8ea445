// Pools of Stratum V2 by transcript: one that keeps every rule, and planted faults that have to be named.
#include "doctor/sv2_exam.h"

#include <map>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chain/target.h"
#include "doctor/examined.h"
#include "work/coinbase.h"

namespace lode::doctor {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint32_t kTime = 1'700'000'000, kBits = 0x1d00ffff;
const Uint256 kTarget = chain::target_of_difficulty(2e-6).value();

work::CoinbaseHalves coinbase(std::size_t extranonce) {
    work::CoinbaseSpec spec;
    spec.height = 120'000;
    spec.value = 2'500'000'000;
    spec.script = work::parse_address(kAddress)->script;
    spec.extranonce_bytes = extranonce;
    return *work::make_coinbase(spec);
}

// What a pool says; each test changes some of it.
struct Sv2Pool {
    sv2::SetupConnectionSuccess setup{2, 0};
    sv2::OpenExtendedChannelSuccess extended{1, 5, kTarget, 8, sv2::Bytes(4), 9};
    sv2::OpenStandardChannelSuccess standard{2, 6, kTarget, sv2::Bytes(12), 9};
    std::string refuses_extended, refuses_standard, refuses_setup;
    sv2::NewExtendedMiningJob job = [] {
        auto halves = coinbase(12);
        return sv2::NewExtendedMiningJob{5, 0, {}, 0x20000000, true, {}, halves.before, halves.after};
    }();
    bool channel_bit = true, future = true, repeats_ids = false, silent_update = false,
         hangs_up_on_unknown = false, hangs_up_on_extensions = false, second_block = true,
         bare_job_first = false;
    std::uint32_t prev_job = 0;  // 0: the right one
    std::uint32_t min_ntime = kTime, bits = kBits, to = 0;
    Uint256 new_target = chain::target_of_difficulty(4e-6).value();
    // Codes by the rule of the share that they answer; empty: it is accepted.
    std::map<std::string, std::string> codes = {
        {"unknown-channel", "invalid-channel-id"}, {"unknown-job", "invalid-job-id"},
        {"low-share", "difficulty-too-low"},       {"stale-share", "stale-share"},
        {"extranonce-share", "bad-extranonce"},    {"good-share", ""},
        {"duplicate", "duplicate-share"},
    };
    std::vector<sv2::Frame> extra;  // with the first answer

    template <typename Message>
    sv2::Frame framed(const Message& message) const {
        auto frame = sv2::to_frame(message);
        frame.channel = frame.channel && channel_bit;
        return frame;
    }
    std::vector<sv2::Frame> blocks(std::uint32_t channel, bool extended_channel) {
        std::vector<sv2::Frame> out;
        for (int block = 0; block < (second_block ? 2 : 1); ++block) {
            const std::uint32_t id = repeats_ids ? 1 : ++last_job_;
            const auto send = [&](std::uint32_t number, std::optional<std::uint32_t> min) {
                if (extended_channel) {
                    auto made = job;
                    made.channel = to == 0 ? channel : to;
                    made.job = number;
                    made.min_ntime = min;
                    out.push_back(framed(made));
                } else {
                    out.push_back(framed(sv2::NewMiningJob{channel, number, min, 0x20000000, Hash256{{7}}}));
                }
            };
            if (bare_job_first && block == 0) send(77, kTime);
            send(id, {});
            if (repeats_ids) send(id, {});
            out.push_back(framed(sv2::SetNewPrevHash{channel, prev_job == 0 ? id : prev_job,
                                                     Hash256{{static_cast<std::uint8_t>(block + 1)}},
                                                     min_ntime, bits}));
            jobs_[channel].push_back(id);
        }
        return out;
    }
    std::vector<sv2::Frame> reply(const sv2::Frame& frame) {
        switch (frame.type) {
            case sv2::SetupConnection::kType: {
                if (!refuses_setup.empty()) return {framed(sv2::SetupConnectionError{4, refuses_setup})};
                std::vector<sv2::Frame> out = {framed(setup)};
                out.insert(out.end(), extra.begin(), extra.end());
                return out;
            }
            case sv2::OpenExtendedChannel::kType: {
                if (!refuses_extended.empty()) return {framed(sv2::OpenChannelError{1, refuses_extended})};
                auto out = blocks(extended.channel, true);
                out.insert(out.begin(), framed(extended));
                return out;
            }
            case sv2::OpenStandardChannel::kType: {
                if (!refuses_standard.empty()) return {framed(sv2::OpenChannelError{2, refuses_standard})};
                auto out = blocks(standard.channel, false);
                out.insert(out.begin(), framed(standard));
                return out;
            }
            case sv2::UpdateChannel::kType:
                if (silent_update) return {};
                return {framed(sv2::SetTarget{extended.channel, new_target})};
            case sv2::SubmitSharesStandard::kType: {
                const auto share = *sv2::parse<sv2::SubmitSharesStandard>(frame.payload);
                return judge(standard.channel,
                             {share.channel, share.sequence, share.job, share.nonce, share.ntime,
                              share.version, sv2::Bytes()},
                             0);
            }
            case sv2::SubmitSharesExtended::kType:
                return judge(extended.channel, *sv2::parse<sv2::SubmitSharesExtended>(frame.payload), 8);
            default:
                return {};
        }
    }

 private:
    // By what the examination is known to send: what it is, not whether it is right.
    std::string rule_of(std::uint32_t channel, const sv2::SubmitSharesExtended& share,
                        std::size_t extranonce) {
        if (share.channel != channel) return "unknown-channel";
        if (share.extranonce.size() != extranonce) return "extranonce-share";
        const auto& known = jobs_[channel];
        if (std::ranges::find(known, share.job) == known.end()) return "unknown-job";
        if (share.job != known.back()) return "stale-share";
        if (!low_seen_.contains(channel)) {
            low_seen_.insert(channel);
            return "low-share";
        }
        return good_seen_.insert(channel).second ? "good-share" : "duplicate";
    }
    std::vector<sv2::Frame> judge(std::uint32_t channel, const sv2::SubmitSharesExtended& share,
                                  std::size_t extranonce) {
        const auto& code = codes[rule_of(channel, share, extranonce)];
        if (code == "silence") return {};
        if (code.empty()) return {framed(sv2::SubmitSharesSuccess{share.channel, share.sequence, 1, 0})};
        return {framed(sv2::SubmitSharesError{share.channel, share.sequence, code})};
    }

    std::uint32_t last_job_ = 0;
    std::map<std::uint32_t, std::vector<std::uint32_t>> jobs_;
    std::set<std::uint32_t> low_seen_, good_seen_;
};

Examined examine(Sv2Pool pool, bool probe = true) {
    Examined out;
    Sv2Exam exam(exam_options(kTime), "pool.example", 3333, out.report);
    auto now = Sv2Exam::TimePoint() + 1h;
    exam.start(now);
    while (!exam.done() || (probe && !exam.over())) {
        if (exam.done()) exam.begin_probe(now);
        const auto sent = exam.take_sent();
        for (const auto& frame : sent) {
            const bool unknown = frame.extension == 0 && frame.type == 0x3f;
            if ((pool.hangs_up_on_unknown && unknown) ||
                (pool.hangs_up_on_extensions && frame.extension != 0)) {
                exam.closed({ErrorKind::Unreachable, "closed", {}, {}});
                continue;
            }
            if (frame.extension != 0) continue;
            for (const auto& reply : pool.reply(frame)) exam.frame(reply, now += 2ms);
        }
        if (sent.empty()) exam.tick(now = exam.deadline());
    }
    out.failed = exam.failed();
    return out;
}

TEST(Sv2Exam, APoolThatKeepsEveryRule) {
    const Examined good = examine(Sv2Pool{});
    EXPECT_THAT(good.broken(), IsEmpty());
    EXPECT_FALSE(good.failed);
    EXPECT_EQ(good.seen("version"), "2 of 2");
    EXPECT_EQ(good.seen("height"), "120000");
    EXPECT_EQ(good.seen("pays"), "25.00000000 to " + std::string(kAddress));
    EXPECT_EQ(good.seen("extranonce"), "8 bytes, asked for 4 or more");
    EXPECT_EQ(good.seen("group-extranonce"), "12 and 12 bytes");
    EXPECT_EQ(good.seen("job-rate"),
              "extended: 2 jobs, 2 new blocks, standard: 2 jobs, 2 new blocks in 10.0 s");
    EXPECT_EQ(good.seen("latency"), "median 2.0 ms, 90 % 2.0 ms, longest 10.0 ms of 17 answers");
    EXPECT_EQ(good.seen("duplicate"), "duplicate-share");
    EXPECT_EQ(good.seen("stale-share"), "stale-share");
    EXPECT_EQ(good.seen("unknown-message"), "ignored");
    for (const auto& f : good.report.findings()) {
        EXPECT_FALSE(f.source.empty()) << f.rule;
        EXPECT_FALSE(f.demand.empty()) << f.rule;
    }
    const Examined quiet = examine(Sv2Pool{}, false);
    EXPECT_EQ(quiet.seen("low-share"), "not looked at");
    EXPECT_EQ(quiet.seen("unknown-message"), "not looked at");
}

const Fault<Sv2Pool> kSv2Faults[] = {
    {"version", "3 of 2", [](Sv2Pool& p) { p.setup.used_version = 3; }},
    {"setup-flags", "0x1", [](Sv2Pool& p) { p.setup.flags = 1; }},
    {"request-id", "8 for 1", [](Sv2Pool& p) { p.extended.request = 8; }},
    {"target", "difficulty 1e-07, asked for 1e-06 or more",
     [](Sv2Pool& p) { p.extended.target = chain::target_of_difficulty(1e-7).value(); }},
    {"extranonce", "2 bytes, asked for 4 or more", [](Sv2Pool& p) { p.extended.extranonce_size = 2; }},
    {"extranonce-sum", "30 and 8", [](Sv2Pool& p) { p.extended.prefix = sv2::Bytes(30); }},
    {"channel-ids", "channel 5 of group 9", [](Sv2Pool& p) { p.standard.channel = 5; }},
    {"group-extranonce", "12 and 8 bytes", [](Sv2Pool& p) { p.standard.prefix = sv2::Bytes(8); }},
    {"extended-channel", "no-such", [](Sv2Pool& p) { p.refuses_extended = "no-such"; }},
    {"standard-channel", "no-such", [](Sv2Pool& p) { p.refuses_standard = "no-such"; }},
    {"addressed", "type 0x1f goes to 1234", [](Sv2Pool& p) { p.to = 1234; }},
    {"first-job", "job 77 is to be mined at once", [](Sv2Pool& p) { p.bare_job_first = true; }},
    {"job-order", "job 77 came before any", [](Sv2Pool& p) { p.bare_job_first = true; }},
    {"job-id", "1 of extended", [](Sv2Pool& p) { p.repeats_ids = true; }},
    {"new-prev-hash", "job 66, which was not sent as one", [](Sv2Pool& p) { p.prev_job = 66; }},
    {"nbits", "1d80ffff", [](Sv2Pool& p) { p.bits = 0x1d80ffff; }},
    {"ntime", "10800 s behind", [](Sv2Pool& p) { p.min_ntime = kTime - 10'800; }},
    {"version-rolling", "job 1 does not", [](Sv2Pool& p) { p.job.version_rolling = false; }},
    {"merkle-path", "255", [](Sv2Pool& p) { p.job.path.resize(255); }},
    {"coinbase-stripped", "job 1 has them",
     [](Sv2Pool& p) {
         p.job.coinbase_prefix[4] = 0;
         p.job.coinbase_prefix[5] = 1;
     }},
    {"coinbase", "no such transaction", [](Sv2Pool& p) { p.job.coinbase_suffix.pop_back(); }},
    {"height", "no minimal push", [](Sv2Pool& p) { p.job.coinbase_prefix[42] = 0x4c; }},
    {"expect-addr", "nothing to bcrt1", [](Sv2Pool& p) { p.job.coinbase_suffix[20] ^= 1; }},
    {"channel-bit", "comes without it", [](Sv2Pool& p) { p.channel_bit = false; }},
    {"extension", "type 0x01 of extension 0x4001",
     [](Sv2Pool& p) {
         p.extra.push_back({0x4001, false, 1, {}});
     }},
    {"messages", "SetupConnection.Error",
     [](Sv2Pool& p) {
         p.extra.push_back({0, false, 2, {1}});
     }},
    {"error-codes", "?[2J", [](Sv2Pool& p) { p.codes["unknown-job"] = "\x1b[2J"; }},
    {"reconnect", "a b",
     [](Sv2Pool& p) {
         p.extra.push_back(sv2::to_frame(sv2::Reconnect{"a b", 1}));
     }},
    {"update-channel", "no SetTarget", [](Sv2Pool& p) { p.silent_update = true; }},
    {"update-channel", "difficulty 1e-06, asked for",
     [](Sv2Pool& p) { p.new_target = chain::target_of_difficulty(1e-6).value(); }},
    {"unknown-extension", "the pool hangs up", [](Sv2Pool& p) { p.hangs_up_on_extensions = true; }},
    {"unknown-channel", "accepted", [](Sv2Pool& p) { p.codes["unknown-channel"] = ""; }},
    {"unknown-job", "no answer", [](Sv2Pool& p) { p.codes["unknown-job"] = "silence"; }},
    {"low-share", "accepted", [](Sv2Pool& p) { p.codes["low-share"] = ""; }},
    {"stale-share", "accepted", [](Sv2Pool& p) { p.codes["stale-share"] = ""; }},
    {"extranonce-share", "accepted", [](Sv2Pool& p) { p.codes["extranonce-share"] = ""; }},
    {"good-share", "no", [](Sv2Pool& p) { p.codes["good-share"] = "no"; }},
    {"duplicate", "accepted", [](Sv2Pool& p) { p.codes["duplicate"] = ""; }},
};

class FaultOfAnSv2Pool : public ::testing::TestWithParam<Fault<Sv2Pool>> {};

TEST_P(FaultOfAnSv2Pool, IsNamed) {
    Sv2Pool pool;
    GetParam().plant(pool);
    const Examined found = examine(std::move(pool));
    EXPECT_THAT(found.broken(), Contains(GetParam().rule));
    EXPECT_THAT(found.seen(GetParam().rule), HasSubstr(GetParam().seen));
    EXPECT_FALSE(found.report.all_held());
}

INSTANTIATE_TEST_SUITE_P(Table, FaultOfAnSv2Pool, ::testing::ValuesIn(kSv2Faults));

TEST(Sv2Exam, TenFaultsAtOnceAreAllNamed) {
    Sv2Pool pool;
    const std::set<std::string> planted = {"version",   "setup-flags",     "request-id",  "group-extranonce",
                                           "ntime",     "version-rolling", "expect-addr", "channel-bit",
                                           "low-share", "duplicate"};
    for (const auto& fault : kSv2Faults)
        if (planted.contains(fault.rule)) fault.plant(pool);
    const auto broken = examine(std::move(pool)).broken();
    for (const auto& rule : planted) EXPECT_THAT(broken, Contains(rule));
}

// What is allowed but surprises is a note.
TEST(Sv2Exam, NotesAreNoFaults) {
    Sv2Pool pool;
    pool.setup.flags = 2;
    pool.hangs_up_on_unknown = true;
    pool.second_block = false;
    pool.codes["good-share"] = "silence";
    pool.extra.push_back(sv2::to_frame(sv2::Reconnect{"other.example", 1}));
    pool.extra.push_back({0, false, 0x3e, {}});
    const Examined found = examine(std::move(pool));
    EXPECT_THAT(found.broken(), IsEmpty());
    for (const auto& [rule, seen] : {std::pair("standard-channel", "opens none"),
                                     {"unknown-message", "hangs up"},
                                     {"stale-share", "no new block"},
                                     {"good-share", "in batches"},
                                     {"reconnect", "to other.example:1"},
                                     {"unknown-type", "0x3e"}})
        EXPECT_THAT(found.seen(rule), HasSubstr(seen)) << rule;
}

TEST(Sv2Exam, RefusalsAreErrors) {
    Sv2Pool no_connection;
    no_connection.refuses_setup = "unsupported-feature-flags";
    EXPECT_THAT(examine(std::move(no_connection)).failed.value().text(),
                HasSubstr("unsupported-feature-flags"));
    Sv2Pool no_channel;
    no_channel.refuses_extended = no_channel.refuses_standard = "unknown-user";
    EXPECT_THAT(examine(std::move(no_channel)).failed.value().text(), HasSubstr("unknown-user"));
}

}  // namespace
}  // namespace lode::doctor
