#include <gtest/gtest.h>

#include "source/node/failure_budget.h"
#include "source/node/freshness.h"

namespace lode::source::node {
namespace {

TemplatePtr work(std::int64_t height, std::uint8_t prev) {
    auto t = std::make_shared<Template>();
    t->height = height;
    t->prev.bytes[0] = prev;
    return t;
}

TEST(Freshness, TheLatestAnswerCounts) {
    Freshness fresh;
    const auto asked = fresh.now();
    EXPECT_FALSE(fresh.outdated(*work(10, 1), asked));
    fresh.took(work(10, 1));
    // Asked before 10 was there, and it is older, or another block of the same height.
    EXPECT_TRUE(fresh.outdated(*work(9, 2), asked));
    EXPECT_TRUE(fresh.outdated(*work(10, 2), asked));
    EXPECT_FALSE(fresh.outdated(*work(10, 1), asked));  // the same tip
    EXPECT_FALSE(fresh.outdated(*work(11, 3), asked));  // a newer one
    // Asked afterwards: the node has gone back, which it may.
    EXPECT_FALSE(fresh.outdated(*work(9, 2), fresh.now()));
}

TEST(Freshness, OurOwnBlockMakesTemplatesOld) {
    Freshness fresh;
    fresh.took(work(10, 1));
    const auto asked = fresh.now();
    fresh.replied(10);
    EXPECT_TRUE(fresh.outdated(*work(10, 1), asked));  // its block exists: it would make a sibling
    EXPECT_FALSE(fresh.outdated(*work(11, 2), asked));
    EXPECT_FALSE(fresh.outdated(*work(10, 1), fresh.now()));  // the node insists: our block was refused
    // A reply for a lower block does not lower the bar.
    const auto later = fresh.now();
    fresh.replied(12);
    fresh.replied(9);
    EXPECT_TRUE(fresh.outdated(*work(12, 1), later));
}

TEST(Freshness, Jumps) {
    Freshness fresh;
    EXPECT_FALSE(fresh.jumps(*work(5000, 1)));  // the first one is as it is
    fresh.took(work(10, 1));
    EXPECT_FALSE(fresh.jumps(*work(11, 2)));
    EXPECT_TRUE(fresh.jumps(*work(12, 2)));
    EXPECT_TRUE(fresh.jumps(*work(11, 1)));
}

RpcFailure failure(ErrorKind kind, unsigned status = 0) {
    return {{kind, "x", {}, {}}, 0, status};
}

TEST(FailureBudget, WithoutEndForANodeThatIsDown) {
    FailureBudget budget(-1);
    for (int i = 0; i < 1000; ++i) EXPECT_FALSE(budget.spend(failure(ErrorKind::Unreachable)));
}

TEST(FailureBudget, RetriesInARow) {
    FailureBudget budget(2);
    EXPECT_FALSE(budget.spend(failure(ErrorKind::Unreachable)));
    EXPECT_FALSE(budget.spend(failure(ErrorKind::Unreachable)));
    EXPECT_TRUE(budget.spend(failure(ErrorKind::Unreachable)));
    FailureBudget renewed(1);
    EXPECT_FALSE(renewed.spend(failure(ErrorKind::Unreachable)));
    renewed.renew();
    EXPECT_FALSE(renewed.spend(failure(ErrorKind::Unreachable)));
    EXPECT_TRUE(renewed.spend(failure(ErrorKind::Unreachable)));
}

TEST(FailureBudget, OnlyInvalidAnswersEndSoon) {
    FailureBudget budget(-1);
    EXPECT_FALSE(budget.spend(failure(ErrorKind::Malformed)));
    EXPECT_FALSE(budget.spend(failure(ErrorKind::Malformed)));
    EXPECT_TRUE(budget.spend(failure(ErrorKind::Malformed)));
    FailureBudget served(-1);
    served.renew();
    for (int i = 0; i < 10; ++i) EXPECT_FALSE(served.spend(failure(ErrorKind::Malformed)));
}

TEST(FailureBudget, WrongCredentialsAreFinal) {
    EXPECT_TRUE(FailureBudget(-1).spend(failure(ErrorKind::Refused, 401)));
    EXPECT_TRUE(FailureBudget(-1).spend(failure(ErrorKind::Refused, 403)));
    EXPECT_FALSE(FailureBudget(-1).spend(failure(ErrorKind::Unreachable, 401)));  // a cookie may change
}

}  // namespace
}  // namespace lode::source::node
