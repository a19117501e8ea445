// An engine with a source and an observer owned by the test.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "lode/engine.h"
#include "support/fakes.h"

namespace lode::testing {

struct EngineFixture : ::testing::Test {
    TaskQueue queue;
    Recorder recorder;
    FakeSource source{queue.post()};
    std::optional<Engine> engine;
    bool finished = false;
    std::optional<Error> error;

    void start(std::vector<DeviceEntry> devices, EngineOptions options = {}) {
        engine.emplace(queue.post(), recorder, std::move(devices), options);
        engine->start(source, [this](std::optional<Error> e) {
            finished = true;
            error = std::move(e);
        });
    }
    bool run_until_finished() {
        return queue.run_until([&] { return finished; });
    }
};

}  // namespace lode::testing
