#include "backend/throttle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lode::backend {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;
using testing::ElementsAre;

struct World {
    ThrottleClock::Time now{};
    microseconds slept{0};
    std::optional<double> temperature;
    std::vector<std::string> lines;
};

// Each of its scans takes 10 ms of the world's time.
class Gpu final : public Device {
 public:
    explicit Gpu(World& world, bool drives_screen) : world_(world) {
        info_.id = "opencl:0.0";
        info_.drives_screen = drives_screen;
    }
    const DeviceInfo& info() const override { return info_; }
    Result<void> enqueue(const ScanInput&, std::uint32_t, std::uint64_t) override { return {}; }
    Result<ScanResult> collect() override {
        world_.now += 10ms;
        return ScanResult{};
    }
    DeviceTelemetry telemetry() override {
        DeviceTelemetry reading;
        reading.temperature_c = world_.temperature;
        return reading;
    }

 private:
    World& world_;
    DeviceInfo info_;
};

class Throttle : public testing::Test {
 protected:
    std::unique_ptr<Device> make(std::optional<double> intensity, std::optional<double> limit,
                                 bool drives_screen = false) {
        ThrottleOptions options{.intensity = intensity,
                                .temperature_limit_c = limit,
                                .say = [this](const std::string& line) { world.lines.push_back(line); }};
        const ThrottleClock clock{[this] { return world.now; },
                                  [this](microseconds time) {
                                      world.now += time;
                                      world.slept += time;
                                  }};
        return throttled(std::make_unique<Gpu>(world, drives_screen), options, clock);
    }
    // Time slept meanwhile.
    microseconds scan(Device& device, int times = 1) {
        const auto before = world.slept;
        for (int i = 0; i < times; ++i) {
            EXPECT_TRUE(device.enqueue({}, 0, 1));
            EXPECT_TRUE(device.collect());
        }
        return world.slept - before;
    }
    World world;
};

TEST_F(Throttle, DoesNotWrapADeviceWithoutLimits) {
    const auto device = make(std::nullopt, std::nullopt);
    EXPECT_EQ(device->info().in_flight, 2u);
    EXPECT_EQ(scan(*device, 100), 0us);
}

TEST_F(Throttle, KeepsTheShareOfTime) {
    const auto device = make(0.25, std::nullopt);
    EXPECT_EQ(device->info().in_flight, 1u);
    scan(*device);
    EXPECT_EQ(scan(*device, 100), 3000ms);  // beside 1000 ms of work
}

TEST_F(Throttle, HalvesTheLoadOfAGpuWithADisplayByDefault) {
    auto device = make(std::nullopt, std::nullopt, true);
    scan(*device);
    EXPECT_EQ(scan(*device, 100), 1000ms);
    device = make(1.0, std::nullopt, true);
    EXPECT_EQ(scan(*device, 100), 0us);
}

TEST_F(Throttle, PausesAboveTheLimitAndGoesOnBelowIt) {
    const auto device = make(std::nullopt, 80);
    world.temperature = 80;
    EXPECT_EQ(scan(*device, 300), 0us);
    world.temperature = 81;
    scan(*device, 300);
    EXPECT_EQ(scan(*device, 10), 10s);
    world.temperature = 77;  // not yet cool enough
    EXPECT_EQ(scan(*device, 10), 10s);
    world.temperature = 75;
    scan(*device, 3);
    EXPECT_EQ(scan(*device, 300), 0us);
    EXPECT_THAT(world.lines,
                ElementsAre("opencl:0.0: 81 C is above 80 C, paused", "opencl:0.0: 75 C, resuming"));
}

TEST_F(Throttle, LimitsChangeWhileItWorks) {
    const auto limits = std::make_shared<GpuLimits>();
    const ThrottleClock clock{[this] { return world.now; },
                              [this](microseconds time) {
                                  world.now += time;
                                  world.slept += time;
                              }};
    ThrottleOptions options;
    options.live = limits;
    const auto device = throttled(std::make_unique<Gpu>(world, false), options, clock);
    EXPECT_EQ(scan(*device, 100), 0us);
    EXPECT_EQ(device->info().in_flight, 2u);
    limits->set(0.5, std::nullopt);
    scan(*device);
    EXPECT_EQ(scan(*device, 100), 1000ms);
    EXPECT_EQ(device->info().in_flight, 1u);
    world.temperature = 70;
    limits->set(1, 60);
    scan(*device, 300);
    EXPECT_EQ(scan(*device, 10), 10s);
    limits->set(std::nullopt, std::nullopt);
    EXPECT_EQ(scan(*device, 10), 0us);
    EXPECT_EQ(device->info().in_flight, 2u);
}

TEST_F(Throttle, WithoutATemperatureSensorItNeverPauses) {
    EXPECT_EQ(scan(*make(std::nullopt, 80), 300), 0us);
}

}  // namespace
}  // namespace lode::backend
