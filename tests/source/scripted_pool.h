// A server on loopback that runs a test's scripts, one per connection, on its own thread.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace lode::testing {

// The other end of one connection. Blocking, with a time-out of ten seconds.
class Peer {
 public:
    virtual ~Peer() = default;
    virtual std::string read_line() = 0;                // without '\n'; empty at the end
    virtual std::string read_bytes(std::size_t n) = 0;  // fewer at the end
    virtual void write(const std::string& bytes) = 0;  // errors are ignored: the client may have disconnected
    // Reads lines until one contains text; returns it.
    std::string expect(const std::string& text) {
        for (std::string line = read_line(); !line.empty(); line = read_line())
            if (line.find(text) != std::string::npos) return line;
        return {};
    }
    void line(const std::string& text) { write(text + "\n"); }
    // The handshake up to mining at difficulty 1e-6, without extensions.
    void shake_hands(const std::string& extranonce = R"("aabb",4)");
    // Reads until the client disconnects.
    void wait_for_end() {
        while (!read_line().empty()) {
        }
    }
};

// The id of a request, as JSON.
std::string id_of(const std::string& line);
std::string notify_line(const std::string& id, unsigned prev = 1, const std::string& time = "6b009f25");

using Script = std::function<void(Peer&)>;

// A self-signed certificate for localhost and 127.0.0.1, and its key.
struct TestCertificate {
    TestCertificate();
    ~TestCertificate();
    std::string pem_path, key_path;  // in the temporary directory
    std::string fingerprint;         // SHA-256, hex
};

class ScriptedPool {
 public:
    // One script per connection, in order; the last one for all later ones. Stopped by the destructor.
    explicit ScriptedPool(std::vector<Script> scripts, const TestCertificate* tls = nullptr);
    ~ScriptedPool();
    [[nodiscard]] unsigned short port() const { return port_; }
    [[nodiscard]] int connections() const { return connections_; }

 private:
    class Impl;
    std::unique_ptr<Impl> impl_;
    unsigned short port_ = 0;
    std::atomic<int> connections_ = 0;
    std::jthread thread_;
};

}  // namespace lode::testing
