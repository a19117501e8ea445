// Keys pressed at the terminal.
#pragma once

#include <functional>
#include <thread>

namespace lode::app {

// One at a time. Where standard input is no terminal, nothing is ever pressed.
class Keyboard {
 public:
    // `pressed` is called on a thread of its own.
    explicit Keyboard(std::function<void(char)> pressed);
    Keyboard(const Keyboard&) = delete;
    Keyboard& operator=(const Keyboard&) = delete;
    ~Keyboard();  // the terminal is as it was before

 private:
    void read();

    std::function<void(char)> pressed_;
    int wake_ = -1;  // eventfd
    std::thread thread_;
};

}  // namespace lode::app
