// A pool by transcript: its lines go into a session, whose actions are recorded. No sockets, no clock.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/stratum/session.h"
#include "work/roll.h"

namespace lode::source::stratum {

// Lines used by all transcripts.
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

inline constexpr const char* kSubscribed =
    R"({"id":2,"result":[[["mining.notify","s1"]],"aabb",4],"error":null})";

inline std::string notify(const std::string& id, bool clean = true, const char* prev_word = "00000001",
                          const char* time = "6b009f25") {
    std::string prev(56, '0');
    return R"({"id":null,"method":"mining.notify","params":[")" + id + R"(",")" + prev_word + prev +
           R"(","01","02",[],"20000000","1d00ffff",")" + time + R"(",)" + (clean ? "true" : "false") + "]}";
}

struct Pool {
    explicit Pool(std::function<void(SessionOptions&)> adjust = {}) {
        SessionOptions options;
        options.host = "stratum.pool.example";
        options.user = "bob.w1";
        options.password = "hunter2";
        options.version_mask = 0x1fffe000;
        if (adjust) adjust(options);
        session.emplace(std::move(options), recent);
        session->connected(now);
        collect();
    }
    void collect() {
        session->settle(now);
        for (auto& action : session->take_actions()) {
            if (auto* send = std::get_if<action::Send>(&action)) {
                sent.push_back(send->line);
                shown.push_back(send->shown);
            } else if (auto* publish = std::get_if<action::Publish>(&action)) {
                jobs.push_back(publish->job);
            } else if (auto* say = std::get_if<action::Say>(&action)) {
                said.push_back(say->text);
            } else if (auto* answer = std::get_if<action::Answer>(&action)) {
                answer->callback(answer->outcome);
            } else if (auto* close = std::get_if<action::Close>(&action)) {
                closed = close->error.text();
            } else if (auto* redirect = std::get_if<action::Redirect>(&action)) {
                redirected = *redirect;
            }
        }
    }
    Pool& says(const std::string& line) {
        session->line(line, now);
        collect();
        return *this;
    }
    // Several lines received together.
    Pool& says_at_once(const std::vector<std::string>& lines) {
        for (const std::string& line : lines) session->line(line, now);
        collect();
        return *this;
    }
    // Answers the request with this id.
    Pool& answers(int id, const std::string& what = R"("result":true)") {
        return says(answer_line(id, what));
    }
    static std::string answer_line(int id, const std::string& what = R"("result":true)") {
        return R"({"id":)" + std::to_string(id) + "," + what + "}";
    }
    Pool& wait(std::chrono::milliseconds time) {
        now += time;
        collect();
        return *this;
    }
    // The handshake up to mining, with the extensions of a typical pool; ids 1 to 4.
    Pool& shake_hands() {
        says(R"({"id":1,"result":{"version-rolling":true,"version-rolling.mask":"1fffe000"},"error":null})");
        says(kSubscribed);
        says(R"({"id":null,"method":"mining.set_difficulty","params":[8]})");
        says(R"({"id":3,"result":true,"error":null})").says(R"({"id":4,"result":false,"error":[20,"no"]})");
        sent.clear();
        return *this;
    }
    // Submits a share of the job with this difficulty; its outcome is added to outcomes.
    void submit(const JobPtr& job, double difficulty = 100, unsigned variant = 0, bool block = false) {
        Solution solution;
        solution.job = job;
        solution.extranonce2 = work::extranonce2(*job, 7);
        solution.header = work::header_of(*job, 7, variant);
        solution.header.nonce = 0xdeadbeef;
        solution.version = solution.header.version;
        solution.difficulty = difficulty;
        solution.block = block;
        session->submit(
            solution, [this](const Outcome& outcome) { outcomes.push_back(outcome); }, now);
        collect();
    }

    TimePoint now{std::chrono::seconds(1'000'000)};
    pool::RecentJobs recent;
    std::optional<Session> session;
    std::vector<std::string> sent, shown, said;
    std::vector<JobPtr> jobs;
    std::vector<Outcome> outcomes;
    std::string closed;
    std::optional<action::Redirect> redirected;
};

}  // namespace lode::source::stratum
