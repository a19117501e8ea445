// The keys of `lode mine` at a terminal.
#pragma once

#include <functional>

#include "lode/engine.h"
#include "lode/events.h"

namespace lode::app {

// On the io thread.
class Console final : public Observer {
 public:
    // Observes the engine until it is destroyed, which comes before the engine's end.
    Console(Engine& engine, std::function<void()> pause, std::function<void()> resume);
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;
    ~Console() override;

    void press(char key);  // either case; others are ignored
    void on(const Event& event) override;

 private:
    Engine& engine_;
    std::function<void()> pause_, resume_;
    double highest_ = 0;  // of the rates over 10 s
};

}  // namespace lode::app
