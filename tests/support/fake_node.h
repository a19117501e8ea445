// A fake node on loopback with scripted answers, and helpers to observe a source. All on one io_context and
// one thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "lode/source.h"

namespace lode::testing {

struct FakeReply {
    unsigned status = 200;
    std::string body;
    std::chrono::milliseconds after{0};
    std::size_t cut = 0;   // bytes missing at the end of the body, then the connection is closed
    bool hang_up = false;  // no answer at all
    bool never = false;    // no answer, the connection stays open
};

FakeReply result(const nlohmann::json& value);
FakeReply rpc_error(int code, const std::string& message, unsigned status = 500);
FakeReply raw(unsigned status, std::string body);

struct FakeCall {
    std::string method;
    nlohmann::json params;
    std::string authorization;
};

class FakeNode {
 public:
    using Answer = std::function<FakeReply(const FakeCall&)>;

    FakeNode(boost::asio::io_context& io, Answer answer);
    ~FakeNode();
    FakeNode(const FakeNode&) = delete;
    FakeNode& operator=(const FakeNode&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::string url(const std::string& credentials = "u:p@") const;
    // Closes the port and every connection; the same port opens again with open().
    void close();
    void open();

    // Concurrent calls, like a node's -rpcthreads; the others are queued. One that is never answered keeps
    // its thread, like Bitcoin Core's long polls after the client disconnects. 0: unlimited.
    void set_threads(std::size_t count);

    std::vector<FakeCall> calls;
    [[nodiscard]] std::size_t count(const std::string& method) const;

 private:
    class Server;
    std::shared_ptr<Server> server_;
};

class RecordingSink : public JobSink {
 public:
    void publish(JobPtr job) override { jobs.push_back(std::move(job)); }
    void withdraw() override { ++withdrawn; }
    void report(const Event& event) override {
        if (const auto* message = std::get_if<event::Message>(&event)) messages.push_back(message->text);
        if (std::holds_alternative<event::SourceConnected>(event)) ++connected;
        if (const auto* loss = std::get_if<event::SourceLost>(&event)) {
            lost.push_back(*loss);
            messages.push_back(loss->error.text());
        }
    }
    void give_up(const Error& error) override { errors.push_back(error); }
    [[nodiscard]] bool said(const std::string& part) const;

    std::vector<JobPtr> jobs;
    std::vector<std::string> messages;
    std::vector<Error> errors;
    std::vector<event::SourceLost> lost;
    int connected = 0, withdrawn = 0;
};

// Runs tasks until done() or for ten seconds; returns done().
bool run_until(boost::asio::io_context& io, const std::function<bool()>& done);

// A temporary directory.
class TemporaryFolder {
 public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
    std::filesystem::path path_;
};

// A block of the job's search space, found by trying nonces: for targets as easy as regtest's.
Solution solve(const JobPtr& job);

}  // namespace lode::testing
