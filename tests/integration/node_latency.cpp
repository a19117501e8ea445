// Latency from a node's notification of a new tip to the first nonce scanned on it. The node generates the
// blocks (generatetoaddress, regtest); the devices really scan, but their hits are dropped.
//   lode_node_latency URL ADDRESS [TIPS]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "backend/registry.h"
#include "lode/engine.h"
#include "source/node/rpc.h"
#include "source/registry.h"
#include "support/fake_node.h"

namespace lode {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

// Scans as the device does and keeps silent about it.
class Blind : public Device {
 public:
    explicit Blind(std::unique_ptr<Device> device) : device_(std::move(device)) {}
    const DeviceInfo& info() const override { return device_->info(); }
    Result<void> enqueue(const ScanInput& input, std::uint32_t first, std::uint64_t count) override {
        return device_->enqueue(input, first, count);
    }
    Result<ScanResult> collect() override {
        auto result = device_->collect();
        if (result) result = ScanResult{};
        return result;
    }

 private:
    std::unique_ptr<Device> device_;
};

DeviceEntry blinded(DeviceEntry entry) {
    entry.open = [open = std::move(entry.open)]() -> OpenedDevice {
        auto opened = open();
        if (opened) return std::make_unique<Blind>(std::move(*opened));
        return opened;
    };
    return entry;
}

void print(const char* what, std::vector<microseconds> times) {
    std::ranges::sort(times);
    const auto ms = [](microseconds t) { return static_cast<double>(t.count()) / 1000.0; };
    std::printf("%-62s median %8.3f ms, worst %8.3f ms of %zu\n", what, ms(times[times.size() / 2]),
                ms(times.back()), times.size());
}

class Measurement : public Observer {
 public:
    Measurement(boost::asio::io_context& io, source::node::RpcClient& rpc, std::string address,
                std::size_t tips)
        : rpc_(rpc), pause_(io), address_(std::move(address)), tips_(tips) {}

    void on(const Event& event) override {
        if (const auto* message = std::get_if<event::Message>(&event))
            std::printf("%s\n", message->text.c_str());
        const auto* started = std::get_if<event::JobStarted>(&event);
        if (started == nullptr || started->job->prev == last_prev_) return;
        last_prev_ = started->job->prev;
        if (asked_) {
            inside_.push_back(started->latency);
            outside_.push_back(std::chrono::duration_cast<microseconds>(Clock::now() - *asked_));
        }
        if (inside_.size() >= tips_) return done();
        // The long poll must stand again before the next tip.
        pause_.expires_after(std::chrono::milliseconds(60));
        pause_.async_wait([this](const auto& cancelled) {
            if (!cancelled) next();
        });
    }
    std::function<void()> done;

    void report() const {
        if (inside_.empty()) return;
        print("from the node's answer read to the first nonce scanned:", inside_);
        print("from asking the node for a block to the first nonce on it:", outside_);
        print("the node's answer to that request alone:", node_);
    }
    [[nodiscard]] bool complete() const { return inside_.size() >= tips_; }

 private:
    void next() {
        asked_ = Clock::now();
        rpc_.call("generatetoaddress", "[1,\"" + address_ + "\"]", std::chrono::seconds(30),
                  [this](const source::node::RpcResult& answer) {
                      if (!answer) return std::printf("%s\n", answer.error().error.text().c_str()), done();
                      node_.push_back(std::chrono::duration_cast<microseconds>(Clock::now() - *asked_));
                  });
    }

    source::node::RpcClient& rpc_;
    boost::asio::steady_timer pause_;
    std::string address_;
    std::size_t tips_;
    Hash256 last_prev_;
    std::optional<Clock::time_point> asked_;
    std::vector<microseconds> inside_, outside_, node_;
};

int run(const std::string& url_text, const std::string& address, std::size_t tips) {
    boost::asio::io_context io;
    const testing::TemporaryFolder folder;
    SourceOptions options;
    options.coinbase_addr = address;
    options.data_dir = folder.path().string();
    options.retries = 3;
    const auto url = util::parse_url(url_text);
    if (!url) return std::printf("%s\n", url.error().text().c_str()), 1;
    auto source = source::make_source(*url, options, io.get_executor());
    if (!source) return std::printf("%s\n", source.error().text().c_str()), 1;
    auto devices = lode::select_devices("cpu", {});
    if (!devices) return std::printf("%s\n", devices.error().text().c_str()), 1;
    std::vector<DeviceEntry> entries;
    for (auto& entry : *devices) entries.push_back(blinded(std::move(entry)));

    source::node::RpcClient rpc(io.get_executor(), *net::Dialer::make(options.dial, false), *url,
                                source::node::Credentials(*url, options));
    Measurement measurement(io, rpc, address, tips);
    Engine engine([&io](std::function<void()> task) { boost::asio::post(io, std::move(task)); }, measurement,
                  std::move(entries), {});
    auto guard = boost::asio::make_work_guard(io);
    measurement.done = [&] { io.stop(); };
    engine.start(**source, [&](std::optional<Error> error) {
        if (error) std::printf("%s\n", error->text().c_str());
        io.stop();
    });
    io.run_for(std::chrono::minutes(2));
    (*source)->stop();
    engine.stop();
    measurement.report();
    return measurement.complete() ? 0 : 1;
}

}  // namespace
}  // namespace lode

int main(int argc, char** argv) {
    if (argc < 3) return std::printf("lode_node_latency URL ADDRESS [TIPS]\n"), 1;
    return lode::run(argv[1], argv[2], argc > 3 ? static_cast<std::size_t>(std::atoi(argv[3])) : 50);
}
