// A recording sink in place of the engine, for sources over real sockets; can wait until something has
// happened.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "lode/source.h"
#include "work/roll.h"

namespace lode::testing {

struct MinerSink : JobSink {
    // Waits up to ten seconds; whether it is done.
    template <typename Done>
    bool run_until(Done done) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!done() && std::chrono::steady_clock::now() < deadline) {
            io.restart();
            io.run_for(std::chrono::milliseconds(5));
        }
        return done();
    }
    void submit(const JobPtr& job) {
        Solution solution;
        solution.job = job;
        solution.extranonce2 = work::extranonce2(*job, 0);
        solution.header = work::header_of(*job, 0, 0);
        solution.version = solution.header.version;
        solution.difficulty = 1;
        source->submit(solution, [this](const Outcome& outcome) { outcomes.push_back(outcome); });
    }
    // Whether a logged message contains the text.
    [[nodiscard]] bool was_told(const std::string& text) const {
        for (const std::string& line : said)
            if (line.find(text) != std::string::npos) return true;
        return false;
    }

    void publish(JobPtr job) override { jobs.push_back(std::move(job)); }
    void withdraw() override { ++withdrawn; }
    void report(const Event& event) override {
        if (const auto* message = std::get_if<event::Message>(&event)) said.push_back(message->text);
        if (const auto* made = std::get_if<event::SourceConnected>(&event)) connected.push_back(*made);
        if (const auto* ended = std::get_if<event::SourceLost>(&event)) lost.push_back(*ended);
    }
    [[nodiscard]] bool quiet() const { return said.empty() && connected.empty() && lost.empty(); }
    void give_up(const Error& error) override { gave_up = error; }

    boost::asio::io_context io;
    std::vector<JobPtr> jobs;
    std::vector<std::string> said;
    std::vector<Outcome> outcomes;
    std::vector<event::SourceConnected> connected;
    std::vector<event::SourceLost> lost;
    int withdrawn = 0;
    std::optional<Error> gave_up;
    std::unique_ptr<WorkSource> source;  // last: it goes first
};

}  // namespace lode::testing
