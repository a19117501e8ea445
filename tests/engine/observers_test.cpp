#include "engine/observers.h"

#include <functional>
#include <string>

#include <gtest/gtest.h>

namespace lode::engine {
namespace {

struct Named : Observer {
    Named(std::string& log, char name) : log_(log), name_(name) {}
    void on(const Event&) override {
        log_ += name_;
        if (then) then();
    }
    std::function<void()> then;

 private:
    std::string& log_;
    char name_;
};

struct ObserversTest : ::testing::Test {
    std::string log;
    Named a{log, 'a'}, b{log, 'b'}, c{log, 'c'};
    Observers observers;
    void notify() { observers.notify(event::Message{event::Severity::Info, "news"}); }
};

TEST_F(ObserversTest, AreNotifiedInTheOrderOfAdding) {
    observers.add(b);
    observers.add(a);
    notify();
    observers.remove(b);
    notify();
    EXPECT_EQ(log, "baa");
}

TEST_F(ObserversTest, OneRemovedDuringAnEventReceivesNothingMore) {
    observers.add(a);
    observers.add(b);
    observers.add(c);
    a.then = [&] {
        observers.remove(a);
        observers.remove(b);
    };
    notify();
    notify();
    EXPECT_EQ(log, "acc");
}

TEST_F(ObserversTest, OneAddedDuringAnEventReceivesTheNext) {
    observers.add(a);
    a.then = [&] {
        a.then = {};
        observers.add(b);
    };
    notify();
    EXPECT_EQ(log, "a");
    notify();
    EXPECT_EQ(log, "aab");
}

TEST_F(ObserversTest, EventsMayBeNested) {
    observers.add(a);
    observers.add(b);
    a.then = [&] {
        a.then = {};
        notify();
        observers.remove(a);
    };
    notify();
    notify();
    EXPECT_EQ(log, "aabbb");
}

}  // namespace
}  // namespace lode::engine
