#include "engine/work_board.h"

#include <gtest/gtest.h>

#include "support/fakes.h"

namespace lode::engine {
namespace {

TEST(WorkBoard, TheLatestJobWins) {
    WorkBoard board;
    EXPECT_EQ(board.current().job, nullptr);
    const auto first = work::seal(testing::easy_job(4, 8, 1)),
               second = work::seal(testing::easy_job(4, 8, 2));
    EXPECT_EQ(board.post(first), 1u);
    EXPECT_EQ(board.post(second), 2u);
    EXPECT_EQ(board.current().job, second);
    EXPECT_EQ(board.current().generation, 2u);
}

TEST(WorkBoard, WhatIsPostedWhilePausedIsThereAfterwards) {
    WorkBoard board;
    const auto first = work::seal(testing::easy_job(4, 8, 1)),
               second = work::seal(testing::easy_job(4, 8, 2));
    board.post(first);
    board.pause();
    EXPECT_EQ(board.current().job, nullptr);
    const auto generation = board.post(second);
    EXPECT_EQ(board.current().job, nullptr);
    EXPECT_EQ(board.generation(), generation);
    board.resume();
    EXPECT_EQ(board.current().job, second);
    EXPECT_GT(board.generation(), generation);  // so that devices look again
}

TEST(WorkBoard, WithoutAJobThereIsNothingToResume) {
    WorkBoard board;
    board.post(work::seal(testing::easy_job(4, 8)));
    board.pause();
    board.pause();
    board.post(nullptr);
    board.resume();
    EXPECT_EQ(board.current().job, nullptr);
}

}  // namespace
}  // namespace lode::engine
