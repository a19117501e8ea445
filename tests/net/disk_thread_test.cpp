#include "net/disk_thread.h"

#include <atomic>
#include <memory>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace lode::net {
namespace {

struct DiskThreadTest : testing::Test {
    boost::asio::io_context io;
    std::optional<DiskThread> thread{std::in_place, io.get_executor()};
    int written = 0;  // by the owner of the sync, on the io thread
    std::atomic<int> tasks = 0;
    std::promise<void> open;  // tasks wait for it
    std::shared_future<void> gate = open.get_future().share();
    std::vector<int> synced;

    // Each task reports what had been written when it began.
    std::function<DiskSync::Task()> next() {
        return [this] {
            return [this, upto = written]() -> std::optional<Error> {
                ++tasks;
                gate.wait();
                if (upto == 13) return Error{ErrorKind::Storage, "broken", {}, {}};
                return std::nullopt;
            };
        };
    }
};

TEST_F(DiskThreadTest, TheIoThreadDoesNotWait) {
    DiskSync sync(*thread, next());
    const auto here = std::this_thread::get_id();
    sync.sync([&](const auto& error) {
        EXPECT_FALSE(error);
        EXPECT_EQ(std::this_thread::get_id(), here);
        synced.push_back(written);
    });
    EXPECT_TRUE(synced.empty());
    open.set_value();
    io.run();  // returns when nothing is under way
    EXPECT_EQ(synced.size(), 1u);
}

TEST_F(DiskThreadTest, WhatComesMeanwhileSharesTheNextTask) {
    DiskSync sync(*thread, next());
    for (int i = 0; i < 5; ++i) {
        ++written;
        sync.sync([&, i](const auto&) { synced.push_back(i); });
    }
    open.set_value();
    io.run();
    EXPECT_EQ(synced, (std::vector{0, 1, 2, 3, 4}));
    EXPECT_EQ(tasks, 2);  // the first write's, and one for the four that came while it ran
}

TEST_F(DiskThreadTest, TheErrorIsReported) {
    DiskSync sync(*thread, next());
    written = 13;
    std::string what;
    sync.sync([&](const auto& error) { what = error ? error->what : "none"; });
    open.set_value();
    io.run();
    EXPECT_EQ(what, "broken");
}

// What was asked for is on the disk when the owner is gone, and nobody is told any more.
TEST_F(DiskThreadTest, ItsDestructorWaitsForTheTaskInProgress) {
    auto done = std::make_shared<bool>(false);
    {
        DiskSync sync(*thread, [&] {
            return [done]() -> std::optional<Error> {
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
                *done = true;
                return std::nullopt;
            };
        });
        sync.sync([&](const auto&) { synced.push_back(1); });
    }
    EXPECT_TRUE(*done);
    io.run();
    EXPECT_TRUE(synced.empty());
}

TEST_F(DiskThreadTest, ACompletionMayDestroyTheSync) {
    std::optional<DiskSync> sync(std::in_place, *thread, next());
    sync->sync([&](const auto&) { synced.push_back(0); });
    sync->sync([&](const auto&) { sync.reset(); });
    sync->sync([&](const auto&) { synced.push_back(2); });
    open.set_value();
    io.run();
    EXPECT_EQ(synced, (std::vector{0}));
}

TEST_F(DiskThreadTest, TheThreadMayEndWithACompletionQueued) {
    {
        DiskSync sync(*thread, next());
        sync.sync([&](const auto&) { synced.push_back(0); });
        open.set_value();
    }
    thread.reset();
    io.run();
    EXPECT_TRUE(synced.empty());
}

}  // namespace
}  // namespace lode::net
